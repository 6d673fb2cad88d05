// A page to print: the button is there only where a script can print.
const button = document.getElementById("print");
button.hidden = false;
button.addEventListener("click", () => window.print());
