// What a list gains with scripts; it is whole without them. Times are told from now and in the reader's own zone, what came since the last
// visit is marked, addresses are copied with one tap. What is remembered is remembered in this browser only.
(() => {
  'use strict';
  const language = document.documentElement.lang;
  const all = selector => [...document.querySelectorAll(selector)];
  const words = (pattern, value) => pattern.replace('{0}', value);
  const first = text => text.charAt(0).toLocaleUpperCase(language) + text.slice(1);

  // Storage may be switched off, full, or hold what somebody else wrote: then nothing is remembered.
  const memory = {
    read() {
      try {
        const kept = Object.entries(JSON.parse(localStorage.getItem('visits')));
        return Object.fromEntries(kept.filter(([, visit]) => visit && [visit.mark, visit.newest, visit.at].every(Number.isFinite)));
      } catch { return {}; }
    },
    write(visits) { try { localStorage.setItem('visits', JSON.stringify(visits)); } catch { /* see above */ } },
  };

  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const timeOfDay = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const dayAndTime = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const dayKey = date => date.getFullYear() + '-' + String(date.getMonth() + 1).padStart(2, '0') + '-' + String(date.getDate()).padStart(2, '0');
  const now = new Date();

  const zone = document.querySelector('[data-zone]');
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const isElsewhere = zone && here && here !== zone.dataset.zone;

  const tell = time => {
    const at = new Date(time.dateTime), minutes = Math.round((at - now) / 6e4);
    if (Number.isNaN(minutes)) return;
    time.title = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short' }).format(at);
    if (minutes <= 0 && minutes > -60) time.textContent = relative.format(minutes, 'minute');
    else if (minutes <= 0 && minutes > -60 * 12) time.textContent = relative.format(Math.round(minutes / 60), 'hour');
    else if (time.closest('.day')) time.textContent = timeOfDay.format(at);
    // The foot of the page names the reader's zone then: so every time of day has to be one of his.
    else if (isElsewhere && /\d:\d\d/.test(time.textContent)) time.textContent = dayAndTime.format(at);
  };

  // The server counts days in the site's zone; where the reader's differ, the entries move under his.
  const regroup = days => {
    const entries = days.flatMap(day => [...day.querySelectorAll('li')]);
    const keyOf = entry => dayKey(new Date(entry.querySelector('time').dateTime));
    if (days.every(day => [...day.querySelectorAll('li')].every(entry => keyOf(entry) === day.dataset.day))) return;
    const today = new Date(now.getFullYear(), now.getMonth(), now.getDate());
    const after = days[0].previousElementSibling, parent = days[0].parentElement;
    const model = days[0].cloneNode(false);
    for (const day of days) day.remove();
    let place = after;
    let section = null;
    for (const entry of entries) {
      const key = keyOf(entry);
      if (!section || section.dataset.day !== key) {
        section = model.cloneNode(false);
        section.dataset.day = key;
        const heading = document.createElement('h2'), list = document.createElement('ol');
        const [year, month, date] = key.split('-').map(Number), at = new Date(year, month - 1, date);
        const name = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long', year: year === now.getFullYear() ? undefined : 'numeric' }).format(at);
        const ago = Math.round((at - today) / 864e5);
        heading.textContent = ago === 0 || ago === -1 ? first(relative.format(ago, 'day')) + ' · ' + name : name;
        list.className = 'entries';
        section.append(heading, list);
        parent.insertBefore(section, place ? place.nextSibling : parent.firstChild);
        place = section;
      }
      section.lastElementChild.append(entry);
    }
  };

  const days = all('.day');
  if (isElsewhere) {
    const name = new Intl.DateTimeFormat(language, { timeZoneName: 'long' }).formatToParts(now).find(part => part.type === 'timeZoneName');
    zone.textContent = words(zone.dataset.words, name ? name.value : here);
    if (days.length) regroup(days);
  }
  for (const time of all('main time')) tell(time);

  // New is what we first had after the newest that was here at the last visit. A visit lasts half an hour: reloading forgets nothing.
  const since = document.querySelector('.since');
  const entries = all('[data-seen]');
  if (since && entries.length && !location.search) {
    const visits = memory.read(), path = location.pathname;
    const newest = Math.max(...entries.map(entry => Number(entry.dataset.seen)));
    const last = visits[path];
    const mark = !last ? newest : now - last.at > 18e5 ? last.newest : last.mark;
    const fresh = entries.filter(entry => Number(entry.dataset.seen) > mark);
    for (const entry of fresh) {
      entry.classList.add('new');
      const word = document.createElement('span');
      word.className = 'visually-hidden';
      word.textContent = since.dataset.word + ' ';
      entry.querySelector('h3 a').prepend(word);
    }
    if (fresh.length) since.textContent = words(since.dataset.words, fresh.length);
    visits[path] = { mark, newest: Math.max(newest, last ? last.newest : 0), at: +now };
    memory.write(Object.fromEntries(Object.entries(visits).sort((a, b) => b[1].at - a[1].at).slice(0, 50)));
  }

  // What this browser follows is known to pages that are the visitor's own; on those of everybody it only turns the button round.
  const own = document.querySelector('[data-follows]');
  if (own) try { localStorage.setItem('follows', own.dataset.follows); } catch { /* as above */ }
  for (const form of all('[data-follow]')) {
    let follows = '';
    try { follows = localStorage.getItem('follows') || ''; } catch { /* as above */ }
    if (!follows.split('\n').includes(form.dataset.follow)) continue;
    form.action = form.dataset.other;
    form.querySelector('button').textContent = form.dataset.word;
  }

  for (const button of all('[data-copy]')) {
    if (!navigator.clipboard) break;
    button.hidden = false;
    const label = button.textContent;
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.textContent = button.dataset.done;
        setTimeout(() => { button.textContent = label; }, 2000);
      } catch {
        // Refused: the address is marked instead, so that it can be copied by hand.
        getSelection().selectAllChildren(button.closest('div').querySelector('code'));
      }
    });
  }
})();
