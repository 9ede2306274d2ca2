// On a narrow screen the contents begin folded, so that the text comes first.
if (matchMedia("(max-width: 991.98px)").matches) document.querySelector(".manual-contents")?.removeAttribute("open");
