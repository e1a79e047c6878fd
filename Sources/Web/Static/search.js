// Suggests words while one types; without it the field works the same.
const field = document.getElementById("q"), list = document.createElement("datalist");
list.id = "suggestions";
field.after(list);
field.setAttribute("list", list.id);
let waiting;
field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const typed = field.value.trim();
    if (!typed) return;
    const answer = await fetch(`/v1/search/suggestions?q=${encodeURIComponent(typed)}`);
    // Another letter came meanwhile.
    if (!answer.ok || typed !== field.value.trim()) return;
    const { items } = await answer.json();
    list.replaceChildren(...items.map(item => Object.assign(document.createElement("option"), { value: item })));
  }, 120);
});
