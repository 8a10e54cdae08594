(() => {
  const slides = [...document.querySelectorAll(".slide")], body = document.body, root = document.documentElement;
  const keys = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
  let at = Math.max(0, slides.findIndex(s => "#" + s.id === location.hash));
  const presenting = () => body.classList.contains("present");
  const fit = () => {
    const wide = innerWidth / (presenting() ? 1280 : 1340), high = presenting() ? innerHeight / 720 : 9;
    root.style.setProperty("--k", Math.min(wide, high).toFixed(4));
  };
  const go = to => {
    at = Math.max(0, Math.min(slides.length - 1, to));
    slides.forEach((slide, i) => slide.classList.toggle("on", i === at));
    if (!presenting()) slides[at].scrollIntoView({ block: "center" });
    history.replaceState(null, "", "#" + slides[at].id);
  };
  const present = () => {
    const on = body.classList.toggle("present");
    fit(); go(at);
    const full = on ? root.requestFullscreen && root.requestFullscreen() : document.fullscreenElement && document.exitFullscreen();
    if (full) full.catch(() => {});
  };
  addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("summary, nav")) return;
    if (event.key in keys) { event.preventDefault(); go(at + keys[event.key]); }
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
  addEventListener("beforeprint", () => root.style.setProperty("--k", 1));
  addEventListener("afterprint", fit);
  fit();
})();
