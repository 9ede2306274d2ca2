// Drives a practice router with node-routeros: reads and writes, prints what it saw as JSON.
const { RouterOSAPI } = require("node-routeros");

async function main() {
  const [port, user, password] = process.argv.slice(2);
  const api = new RouterOSAPI({ host: "127.0.0.1", port: Number(port), user, password, timeout: 60 });
  await api.connect();
  const seen = {};
  const added = await api.write("/ppp/secret/add", [
    "=name=desde-node",
    "=password=x",
    "=profile=default",
    "=comment=Núñez",
  ]);
  const id = added[0].ret;
  await api.write("/ppp/secret/set", [`=.id=${id}`, "=disabled=yes"]);
  seen.secret = (await api.write("/ppp/secret/print", ["?name=desde-node"]))[0];
  seen.several = (
    await api.write("/ppp/secret/print", ["?name=desde-node", "?name=juan", "?#|"])
  ).length;
  try {
    await api.write("/ppp/secret/add", ["=name=desde-node"]);
  } catch (error) {
    seen.refused = error.message;
  }
  await api.write("/ppp/secret/remove", [`=.id=${id}`]);
  seen.left = (await api.write("/ppp/secret/print", ["=.proplist=name"])).map((row) => row.name);
  seen.resource = (await api.write("/system/resource/print"))[0].version;
  await api.close();
  console.log(JSON.stringify(seen));
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
