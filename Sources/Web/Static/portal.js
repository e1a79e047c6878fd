// Draws a table's shares as bars above it. The table stays: it says the same, and is all there is without JavaScript.
for (const table of document.querySelectorAll("table[data-chart]")) {
  const rows = [...table.querySelectorAll("tbody tr")];
  const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const figure = document.createElement("figure"), canvas = document.createElement("canvas");
  figure.className = "chart";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", table.caption.textContent);
  figure.style.height = `${rows.length * 30 + 60}px`;
  figure.append(canvas);
  table.closest(".scroll").before(figure);
  // In a narrow window the names would leave no room for the bars; the table has them whole.
  const most = innerWidth < 600 ? 9 : 40;
  const short = name => [...name].length > most ? [...name].slice(0, most - 1).join("") + "…" : name;
  const axis = { ticks: { color: color("--ink") }, grid: { color: color("--line") } };
  new Chart(canvas, {
    type: "bar",
    data: {
      labels: rows.map(row => short(row.cells[0].textContent.trim())),
      datasets: [{ data: rows.map(row => 100 * (row.querySelector("meter")?.value ?? 0)), backgroundColor: color("--accent"), maxBarThickness: 22 }],
    },
    options: {
      indexAxis: "y", animation: false, maintainAspectRatio: false,
      font: { family: getComputedStyle(document.body).fontFamily },
      plugins: { legend: { display: false }, tooltip: { callbacks: { label: bar => `${Math.round(bar.parsed.x * 100) / 100}%` } } },
      scales: { x: { ...axis, min: 0, max: 100, ticks: { ...axis.ticks, callback: value => `${value}%` } }, y: axis },
    },
  });
}

// A slider says where it stands, and asks again when it is let go.
for (const slider of document.querySelectorAll("input[type=range]")) {
  const value = document.createElement("output");
  const say = () => { value.textContent = ` ${slider.value}`; };
  slider.after(value);
  slider.addEventListener("input", say);
  slider.addEventListener("change", () => slider.form.requestSubmit());
  say();
}
