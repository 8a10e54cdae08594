(() => {
  const all = (query, from = document) => [...from.querySelectorAll(query)], one = id => document.getElementById(id);
  const slides = all(".slide"), body = document.body, root = document.documentElement;
  const keys = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
  const tip = one("tip"), near = one("near"), said = one("said").content.children, toggle = one("defs");
  let at = Math.max(0, slides.findIndex(s => "#" + s.id === location.hash));
  const presenting = () => body.classList.contains("present"), defining = () => body.classList.contains("defs");
  const fit = () => {
    const wide = innerWidth / (presenting() ? 1280 : 1340), high = presenting() ? innerHeight / 720 : 9;
    root.style.setProperty("--k", Math.min(wide, high).toFixed(4));
  };
  const go = to => {
    at = Math.max(0, Math.min(slides.length - 1, to));
    slides.forEach((slide, i) => slide.classList.toggle("on", i === at));
    if (!presenting()) slides[at].scrollIntoView({ block: "center" });
    history.replaceState(null, "", "#" + slides[at].id);
    one("now").textContent = one("t-" + slides[at].id).textContent;
    if (defining()) focusable(true);
  };
  const present = () => {
    const on = body.classList.toggle("present");
    fit(); go(at);
    const full = on ? root.requestFullscreen && root.requestFullscreen() : document.fullscreenElement && document.exitFullscreen();
    if (full) full.catch(() => {});
  };

  // a number's definition: by the mouse anywhere, by the keyboard on the page where it was asked for
  const hide = () => { tip.hidden = true; };
  const show = number => {
    tip.replaceChildren(...[...said[number.value].children].map(line => line.cloneNode(true)));
    tip.hidden = false;
    const its = number.getBoundingClientRect(), own = tip.getBoundingClientRect();
    const below = its.bottom + 6 + own.height < innerHeight;
    tip.style.left = Math.max(4, Math.min(its.left, innerWidth - own.width - 4)) + "px";
    tip.style.top = Math.max(4, below ? its.bottom + 6 : its.top - own.height - 6) + "px";
  };
  const focusable = focus => {
    all("data[tabindex]").forEach(n => ["tabindex", "role", "aria-describedby"].forEach(name => n.removeAttribute(name)));
    slides.forEach((slide, i) => slide.classList.toggle("here", defining() && i === at));
    if (!defining()) return;
    const numbers = all("data", slides[at]);
    numbers.forEach(n => { n.tabIndex = 0; n.setAttribute("role", "button"); n.setAttribute("aria-describedby", "tip"); });
    if (focus && numbers.length) numbers[0].focus({ preventScroll: true });
  };
  const define = on => {
    if (body.classList.toggle("defs", on) !== on) return;
    toggle.setAttribute("aria-pressed", on);
    near.hidden = !on;
    hide(); focusable(true);
  };
  const number = event => event.target.closest && event.target.closest("data");
  document.addEventListener("pointerover", event => { if (number(event)) show(number(event)); else if (!tip.contains(event.target)) hide(); });
  document.addEventListener("focusin", event => { if (number(event)) show(number(event)); else hide(); });
  toggle.addEventListener("click", () => define(!defining()));

  // sliders: gains were computed before; here they are looked up, multiplied where proportional, and printed as Python does
  const fixed = (value, digits) => {
    let text = value.toFixed(digits), cents = Number(text.replace(".", ""));
    if (Math.abs(value * 2 ** (digits + 1) % 2) === 1 && cents % 2) text = ((cents - 1) / 10 ** digits).toFixed(digits);
    const [whole, rest] = text.split(".");
    return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? "." + rest : "");
  };
  const money = (value, lang, currency) => {
    const yen = lang === "ja" && currency === "JPY", size = Math.abs(value), none = currency === "JPY" || currency === "KRW";
    const steps = yen ? [[99995000, 1e8, 1, "\u5104"], [99999.5, 1e4, 0, "\u4e07"], [0, 1, 0, ""]]
      : [[999950000, 1e9, 1, "bn"], [999500, 1e6, 1, "m"], [999.5, 1, 0, ""], [0, 1, none ? 0 : 2, ""]];
    const [, unit, digits, word] = steps.find(step => size >= step[0]);
    const symbol = { JPY: "\u00a5", USD: "$", EUR: "\u20ac", GBP: "\u00a3", CNY: "CN\u00a5", KRW: "\u20a9" }[currency] || currency + " ";
    return (value < 0 ? "\u2212" : "") + (yen ? "" : symbol) + fixed(size / unit, digits) + word + (yen ? "\u5186" : "");
  };
  all(".whatif .box").forEach(box => {
    const { lang, currency } = box.dataset, { grid, one: by } = JSON.parse(box.dataset.numbers);
    const inputs = all("input", box), times = (gain, k) => gain && gain.map(x => x * k);
    const told = gain => money(gain, lang, currency);
    const update = () => {
      const v = Object.fromEntries(inputs.map(input => [input.name, +input.value]));
      const both = grid[v.f2][v.retention], priced = times(by.order_value, v.order_value);
      const gains = {
        f2: grid[v.f2][0], retention: grid[0][v.retention], order_value: priced,
        together: both.map((x, i) => x * (1 + v.order_value / 100) + priced[i]),
        new_f2: times(by.new_f2, v.f2), loyal: times(by.loyal, v.loyal),
      };
      all("[data-row]", box).forEach(row => {
        const gain = gains[row.dataset.row], cells = row.querySelectorAll(".r"), input = row.querySelector("input");
        const [value, low, high] = gain.map(told);
        cells[0].textContent = value;
        cells[1].textContent = low === high ? value : low + "\u2013" + high;
        if (!input) return;
        const label = row.querySelector("label");
        label.textContent = label.dataset.label.replace("{points}", input.value);
        input.setAttribute("aria-valuetext", label.textContent + " " + value);
      });
    };
    const reset = () => { inputs.forEach(input => { input.value = input.defaultValue; }); update(); };
    box.addEventListener("input", update);
    box.querySelector("button").addEventListener("click", reset);
    update();
  });

  addEventListener("keydown", event => {
    const inside = event.target.closest && event.target.closest(".whatif");
    if (event.key === "Escape") {
      if (!tip.hidden && !defining()) return hide();
      if (defining()) return define(false);
      if (inside) { inside.open = false; return inside.querySelector("summary").focus(); }
    }
    if (event.ctrlKey || event.metaKey || event.altKey || inside || event.target.closest("summary, nav")) return;
    if (event.key === "d") define(!defining());
    else if (number(event) && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); tip.hidden ? show(number(event)) : hide(); }
    else if (event.key in keys) { event.preventDefault(); go(at + keys[event.key]); }
    else if (event.key === "Home") { event.preventDefault(); go(0); }
    else if (event.key === "End") { event.preventDefault(); go(slides.length - 1); }
    else if (event.key === "f" || (event.key === "Escape" && presenting())) present();
  });
  document.addEventListener("fullscreenchange", () => {
    if (document.fullscreenElement) return;
    if (presenting()) present();
    const back = at;
    setTimeout(() => go(back), 100);
  });
  const seen = new IntersectionObserver(entries => entries.forEach(entry => {
    if (entry.isIntersecting && !presenting()) at = slides.indexOf(entry.target);
  }), { threshold: .6 });
  slides.forEach(slide => seen.observe(slide));
  addEventListener("resize", fit);
  addEventListener("scroll", hide, { passive: true });
  addEventListener("beforeprint", () => root.style.setProperty("--k", 1));
  addEventListener("afterprint", fit);
  fit();
})();
