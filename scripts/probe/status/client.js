// Live changes of the status pages. The pages are complete without it.
const root = document.body.dataset.root ?? '.';
document.documentElement.classList.add('live');

const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
];
function ago(seconds) {
  const [unit, size] = units.find(([, each]) => seconds >= each) ?? ['s', 1];
  return `${Math.max(0, Math.floor(seconds / size))} ${unit} ago`;
}
function tell(within) {
  for (const time of within.querySelectorAll('time')) {
    time.title = time.dateTime;
    time.textContent = ago((Date.now() - Date.parse(time.dateTime)) / 1_000);
  }
}
tell(document);
setInterval(() => tell(document), 10_000);

const find = document.getElementById('find');
const filter = (row) => row.classList.toggle('filtered', !row.dataset.name.includes(find.value.trim().toLowerCase()));
find?.addEventListener('input', () => {
  for (const row of document.querySelectorAll('.target')) filter(row);
  if (find.value !== '') for (const group of document.querySelectorAll('details')) group.open = true;
});

const connection = document.getElementById('connection');
const events = new EventSource(`${root}/events?since=${document.body.dataset.version}`);
events.addEventListener('change', ({ data }) => {
  const { headline, title, rows } = JSON.parse(data);
  const current = document.getElementById('headline');
  if (current !== null && current.outerHTML !== headline) current.outerHTML = headline;
  if (current !== null) document.title = title;
  for (const [id, html] of Object.entries(rows)) {
    const row = document.getElementById(id);
    if (row === null) continue;
    const template = document.createElement('template');
    template.innerHTML = html;
    const fresh = template.content.firstElementChild;
    if (document.body.dataset.root !== undefined) fresh.querySelector('.name').href = '';
    tell(fresh);
    row.replaceWith(fresh);
    if (find !== null && find.value !== '') filter(fresh);
  }
});
events.addEventListener('targets', () => location.reload());
events.addEventListener('open', () => {
  if (connection !== null) connection.textContent = 'live';
});
events.addEventListener('error', () => {
  if (connection !== null) connection.textContent = 'connection lost; what you see is old';
});
