// The look as it would be: name, text and colours follow what is typed. What counts is decided by the server when it is saved.
const LEAST = 4.5;
const HEX = /^#[0-9a-f]{6}$/i;

const channels = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

function luminance(colour) {
  const [red, green, blue] = channels(colour).map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function worst(accent, card) {
  const style = getComputedStyle(card);
  const grounds = ["--page", "--surface", "--surface-2"].map((name) => style.getPropertyValue(name).trim());
  return Math.min(...grounds.filter((ground) => HEX.test(ground)).map((ground) => contrast(accent, ground)));
}

export default function lookPreview(element) {
  const field = (name) => element.querySelector(`[name="${name}"]`);
  const draw = () => {
    element.querySelectorAll("[data-look-scheme]").forEach((card) => {
      const accent = field(`${card.dataset.lookScheme}_accent`).value.trim();
      const ratio = card.querySelector("[data-look-ratio]");
      if (HEX.test(accent)) {
        card.style.setProperty("--brand", accent);
        const found = worst(accent, card);
        const shown = (Math.floor(found * 100) / 100).toFixed(2);
        ratio.textContent = `${ratio.dataset.textRatio}: ${shown}${found < LEAST ? ` (${ratio.dataset.textLow})` : ""}`;
      } else {
        card.style.removeProperty("--brand");
        ratio.textContent = "";
      }
      const name = card.querySelector("[data-look-name]");
      name.textContent = field("display_name").value.trim() || name.dataset.lookName;
      card.querySelector("[data-look-text]").innerText = field("sign_in_text").value;
    });
  };
  element.addEventListener("input", draw);
  draw();
}
