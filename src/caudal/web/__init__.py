"""The toolbox of screens: base templates, components, tables, panels and the menu."""
