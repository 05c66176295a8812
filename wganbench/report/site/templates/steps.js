for (const steps of document.querySelectorAll(".steps")) {
  const input = steps.querySelector("input");
  const output = steps.querySelector("output");
  const sheets = [...steps.closest("figure").querySelectorAll(".sheet[data-iterations]")];
  const last = Number(input.max) - 1;
  const show = () => {
    const step = Number(input.value) - 1;
    output.textContent = `${step + 1} of ${last + 1}`;
    input.setAttribute("aria-valuetext", `point ${step + 1} of ${last + 1} of training`);
    for (const sheet of sheets) {
      const iterations = sheet.dataset.iterations.split(" ");
      const shown = Math.round((step / last) * (iterations.length - 1));
      sheet.style.setProperty("--shown", shown);
      const text = sheet.parentElement.querySelector(".iteration");
      text.textContent = Number(iterations[shown]).toLocaleString("en");
    }
  };
  steps.hidden = false;
  input.addEventListener("input", show);
  show();
}
