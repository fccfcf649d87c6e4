// Signs in to the Neo4j Browser of this origin. The address ends with #PORT.TOKEN: at that port of this machine
// `influence-graph browser` gives the connection once. It is left where the Browser keeps its own connections.
const [port, token] = location.hash.slice(1).split(".");
history.replaceState(null, "", location.pathname);

fetch(`http://localhost:${port}/session`, { method: "POST", body: token })
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error("used"))))
  .then(({ connections, style, browser }) => {
    localStorage.setItem("neo4j.connections", JSON.stringify(connections));
    if ((localStorage.getItem("neo4j.grass") || "null") === "null") {
      localStorage.setItem("neo4j.grass", JSON.stringify(style));
    }
    location.replace(browser);
  })
  .catch(() => {
    document.querySelector("p").textContent =
      "This address works once, while `influence-graph browser` runs. Run it again for a new one.";
  });
