// What pages do beyond links and forms. Every page also works without this file.
(() => {
  "use strict";
  const find = (id) => document.getElementById(id);
  const narrow = matchMedia("(max-width: 60rem)");
  document.documentElement.classList.add("js");

  // The drawer: opened by a figure, closed by Escape or its button, the focus going back to where it was.
  let opener = null;
  const openDrawer = () => {
    const drawer = find("drawer");
    if (!drawer.open) narrow.matches ? drawer.showModal() : drawer.show();
    drawer.scrollTop = 0;
    find("drawer-content").querySelector("[tabindex='-1']")?.focus({ preventScroll: true });
  };
  const closed = () => {
    document.querySelector(".open[data-opens]")?.classList.remove("open");
    find("drawer-content").replaceChildren();
    if (opener?.isConnected) opener.focus();
    opener = null;
  };

  // The conversation follows its answer while it grows, unless the reader has scrolled away; the question stays in sight.
  let following = true;
  let placed = 0;
  const follow = () => {
    const log = find("log");
    if (!log || !following) return;
    const asked = [...log.querySelectorAll(".mine")].pop();
    const end = log.scrollHeight - log.clientHeight;
    placed = asked ? Math.min(end, asked.offsetTop - log.offsetTop - 16) : end;
    log.scrollTop = placed;
  };

  // What an answer changed in the draft is brought into sight, once.
  let marked = null;
  const showChanged = () => {
    const changed = document.querySelector("#kept .changed");
    const draft = changed?.closest("article");
    if (!changed || draft === marked) return;
    marked = draft;
    const sheet = find("sheet");
    sheet.scrollTop = changed.offsetTop - sheet.offsetTop - 24;
  };

  const say = (words, lost = false) => {
    const place = find("connection");
    if (!place) return;
    place.textContent = words;
    place.classList.toggle("lost", lost);
    if (lost) find("announcer").textContent = words;
  };

  const show = (view) => {
    const desk = document.querySelector(".desk");
    if (!desk) return;
    desk.dataset.view = view;
    for (const button of desk.querySelectorAll("[data-show]"))
      button.setAttribute("aria-pressed", String(button.dataset.show === view));
    if (view === "talk") follow();
  };

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-opens], [data-show], [data-ask], [data-print]");
    if (!target) return;
    if (target.dataset.opens && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      if (!target.closest("#drawer")) {
        document.querySelector(".open[data-opens]")?.classList.remove("open");
        target.classList.add("open");
        opener = target;
      }
    } else if (target.dataset.show) show(target.dataset.show);
    else if (target.dataset.ask) {
      find("text").value = target.dataset.ask;
      find("ask").requestSubmit();
    } else if ("print" in target.dataset) print();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.id === "text") {
      event.preventDefault();
      if (event.target.value.trim()) event.target.form.requestSubmit();
    } else if (event.key === "Escape" && find("drawer").open && !narrow.matches) find("drawer").close();
  });

  document.addEventListener("DOMContentLoaded", () => {
    find("drawer").addEventListener("close", closed);
    for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
    const log = find("log");
    if (!log) return;
    log.addEventListener("scroll", () => { following = Math.abs(log.scrollTop - placed) < 60; }, { passive: true });
    follow();
    showChanged();
  });

  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.target?.id === "drawer-content") openDrawer();
    follow();
    showChanged();
  });
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    if (ctx.sourceElement?.id !== "ask" || !ctx.response?.raw.ok) return;
    find("text").value = "";
    for (const each of ["openers", "welcome", "refused"]) find(each)?.remove();
    following = true;
    say("");
    follow();
  });
  document.addEventListener("htmx:error", (event) => {
    const from = event.detail.ctx?.sourceElement;
    if (from?.id === "ask") say("That could not be sent; it is still in the box. Try again.", true);
    else if (from?.hasAttribute("hx-sse:connect"))
      setTimeout(() => from.isConnected && htmx.ajax("GET", from.getAttribute("hx-sse:connect"), { source: from }), 2000);
  });
  document.addEventListener("htmx:sse:error", () => say("The connection is lost. The answer goes on; it is fetched as soon as possible.", true));
  document.addEventListener("htmx:sse:after:connection", () => say(""));
})();
