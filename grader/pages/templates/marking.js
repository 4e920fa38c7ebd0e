// Marking by hand. All that a student wrote comes from the server as harmless HTML; the rest is text.
"use strict";
const token = document.body.dataset.token;
const at = (id) => document.getElementById(id);
const state = { question: null, ids: [], marked: [], rubric: [], number: 0, seen: null, max: 0, busy: false, deafUntil: 0 };
const PAUSE = 400; // milliseconds without a key: then the next is meant for what is on the screen

async function ask(path, fields, body) {
  const query = new URLSearchParams(fields || {});
  const how = body ? { method: "POST", body: JSON.stringify(body), headers: { "X-Marking": token } } : {};
  const answer = await fetch(`${path}?${query}`, how);
  if (!answer.ok) throw Object.assign(new Error(await answer.text()), { status: answer.status });
  return answer.json();
}

function element(tag, text, className) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

async function showQuestions() {
  const { questions } = await ask("/questions");
  at("marking").hidden = true;
  at("questions").hidden = false;
  const list = at("list");
  list.replaceChildren();
  const several = new Set(questions.map((one) => one.notebook)).size > 1;
  for (const one of questions) {
    const where = several ? `${one.notebook}, ` : "";
    const button = element("button", `${where}${one.title || one.grade_id}: ${one.marked} of ${one.count} marked`);
    button.addEventListener("click", () => alone(() => open(one)));
    const item = document.createElement("li");
    item.append(button);
    list.append(item);
  }
  if (!questions.length) list.append(element("li", "No question of this assignment is for humans."));
  list.querySelector("button")?.focus();
}

async function open(one) {
  say("");
  state.question = { notebook: one.notebook, grade_id: one.grade_id };
  state.max = one.max_points;
  await look();
  at("title").textContent = one.title || one.grade_id;
  at("asked").innerHTML = one.asked;
  at("of").textContent = `of ${one.max_points}`;
  at("points").max = one.max_points;
  at("questions").hidden = true;
  at("marking").hidden = false;
  showRubric();
  const first = state.marked.indexOf(false);
  await show(first < 0 ? 0 : first);
}

// What others have marked and written into the rubric meanwhile is seen at each look.
async function look() {
  const pile = await ask("/pile", state.question);
  const here = state.ids[state.number];
  state.ids = Object.keys(pile.marked);
  state.marked = Object.values(pile.marked);
  state.number = Math.max(0, state.ids.indexOf(here));
  state.rubric = pile.rubric;
}

function showRubric() {
  const list = at("rubric");
  list.replaceChildren();
  state.rubric.forEach((line, number) => {
    const button = element("button", `${number + 1}  ${line.points}  ${line.text}`);
    button.addEventListener("click", () => alone(() => choose(number)));
    const item = document.createElement("li");
    item.append(button);
    list.append(item);
  });
}

async function show(number) {
  if (number < 0 || number >= state.marked.length) return;
  state.number = number;
  const answer = await ask("/answer", { ...state.question, number: state.ids[number] });
  at("answer").innerHTML = answer.html;
  state.seen = answer.points;
  at("points").value = answer.points ?? "";
  at("comment").value = answer.comment;
  const done = state.marked.filter(Boolean).length;
  at("where").textContent = `Answer ${number + 1} of ${state.marked.length}, ${done} marked`;
  at("answer").focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

// One thing after the other: until the next answer is on the screen, nobody can mean it.
async function alone(action) {
  if (state.busy) return;
  state.busy = true;
  document.body.setAttribute("aria-busy", "true");
  try {
    await action();
  } catch (error) {
    say(error.message);
  } finally {
    state.busy = false;
    document.body.removeAttribute("aria-busy");
  }
}

// Keys that come too early are dropped with all that follow without a pause, and it is said.
function tooEarly(event) {
  if (!state.busy && event.timeStamp >= state.deafUntil) return false;
  event.preventDefault();
  state.deafUntil = event.timeStamp + PAUSE;
  say("You typed before this answer was here: nothing of it counts.");
  return true;
}

async function save(points, comment) {
  say("");
  try {
    await ask("/answer", { ...state.question, number: state.ids[state.number] }, { points, comment, seen: state.seen });
  } catch (error) {
    if (error.status === 409) await show(state.number);
    throw error;
  }
  await next();
}

async function next() {
  await look();
  showRubric();
  const after = state.marked.indexOf(false, state.number + 1);
  const open = after < 0 ? state.marked.indexOf(false) : after;
  await show(open < 0 ? state.number : open);
  if (open < 0) say("All answers to this question are marked.");
}

function say(text) { at("said").textContent = text; }

function choose(number) {
  const line = state.rubric[number];
  if (line) return save(line.points, line.text);
}

function saveTyped() {
  const typed = at("points").value;
  if (typed === "") { say("Give points first."); at("points").focus(); return; }
  return save(Number(typed), at("comment").value);
}

async function keep() {
  const line = { points: Number(at("points").value || 0), text: at("comment").value };
  await look();
  state.rubric = (await ask("/rubric", state.question, { rubric: [...state.rubric, line] })).rubric;
  showRubric();
  say(`Kept as ${state.rubric.length}.`);
}

async function drop() {
  await look();
  state.rubric = (await ask("/rubric", state.question, { rubric: state.rubric.slice(0, -1) })).rubric;
  showRubric();
}

const KEYS = {
  j: () => show(state.number + 1), k: () => show(state.number - 1), n: next, p: () => at("points").focus(),
  c: () => at("comment").focus(), r: keep, x: drop, q: showQuestions,
  t: () => { at("text").open = !at("text").open; }, Enter: saveTyped,
  0: () => save(0, at("comment").value), f: () => save(state.max, at("comment").value),
};

document.addEventListener("keydown", (event) => {
  if (at("marking").hidden || event.ctrlKey || event.metaKey || event.altKey || tooEarly(event)) return;
  const typing = event.target === at("points") || event.target === at("comment");
  if (typing && event.key === "Escape") { at("answer").focus(); return; }
  if (typing && !(event.key === "Enter" && !event.shiftKey)) return;
  if (event.key === "Enter" && event.target.tagName === "BUTTON") return;
  const action = /^[1-9]$/.test(event.key) ? () => choose(Number(event.key) - 1) : KEYS[event.key];
  if (action) { event.preventDefault(); alone(action); }
});
const CLICKS = { save: saveTyped, keep, back: showQuestions, previous: KEYS.k, next: KEYS.j };
for (const [id, action] of Object.entries(CLICKS)) at(id).addEventListener("click", () => alone(action));
alone(showQuestions);
