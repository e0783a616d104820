// <aggregator-feed category="domestic" count="5" layout="headlines|list|cards" theme="auto|light|dark" lang="zh" images excerpt>
// shows a category's newest entries. What stands inside the element is shown until they are here, and when they cannot be had.
// It also fits the height of our frames on the same page. Whatever a feed says enters as text, never as markup.
'use strict';
(() => {
  if (customElements.get('aggregator-feed')) return;
  const base = new URL('.', document.currentScript.src);
  const refreshEvery = 5 * 60 * 1000;
  const oneOf = (value, names) => names.includes(value) ? value : names[0];

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
:host { display: block; contain: content; container-type: inline-size; overflow-wrap: anywhere; line-height: 1.4;
  --quiet: var(--aggregator-quiet, color-mix(in srgb, currentColor 68%, transparent));
  --line: var(--aggregator-line, color-mix(in srgb, currentColor 20%, transparent)); --accent: var(--aggregator-accent, LinkText);
  background: var(--aggregator-paper, transparent); color: var(--aggregator-ink, inherit); font-family: var(--aggregator-font, inherit); }
:host([hidden]) { display: none; }
:host([theme=light]) { color-scheme: light; } :host([theme=dark]) { color-scheme: dark; }
:host([theme=light]), :host([theme=dark]) { background: var(--aggregator-paper, Canvas); color: var(--aggregator-ink, CanvasText); }
ol { list-style: none; margin: 0; padding: 0; min-block-size: calc(var(--count) * var(--row)); --row: 5.2em; }
li { display: flex; gap: .75em; block-size: var(--row); padding-block: .5em; box-sizing: border-box; overflow: hidden; border-block-end: 1px solid var(--line); }
.excerpt ol { --row: 8em; } .headlines ol { --row: 2.3em; }
li > div { flex: 1; min-width: 0; }
a { color: inherit; text-decoration: none; } a:hover, a:focus-visible { color: var(--accent); text-decoration: underline; }
.title { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; font-weight: 550; }
.headlines .title { display: block; white-space: nowrap; text-overflow: ellipsis; font-weight: inherit; }
.headlines .facts, .headlines p, .headlines img { display: none; }
p { margin: 0; color: var(--quiet); font-size: .875em; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.facts { display: block; color: var(--quiet); font-size: .8125em; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
img { flex: none; inline-size: 5.5em; block-size: 4.1em; object-fit: cover; background: var(--line); border-radius: .2em; }
.cards ol { display: grid; grid-template-columns: repeat(auto-fill, minmax(13em, 1fr)); gap: .75em; min-block-size: 0; --row: 7em; }
.cards li { border: 1px solid var(--line); border-radius: .3em; padding: .6em; }
.cards.images ol { --row: 16em; } .cards.excerpt ol { --row: 10em; } .cards.images.excerpt ol { --row: 19em; }
.cards.images li { flex-direction: column; } .cards img { inline-size: 100%; block-size: 8em; }
@container (min-width: 36em) { .list ol { --row: 3.7em; } .list.images ol { --row: 5.2em; } .list.excerpt ol { --row: 6.2em; } .list .title { -webkit-line-clamp: 1; } }
[aria-busy] li { background: linear-gradient(var(--line), var(--line)) 0 .8em / 70% .7em no-repeat; }
.more { display: block; padding-block: .5em; font-size: .8125em; color: var(--quiet); } .more a { color: var(--accent); }
`);

  const element = (name, part, text) => {
    const made = document.createElement(name);
    if (part) { made.className = part; made.setAttribute('part', part); }
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const web = address => { try { const url = new URL(address); return /^https?:$/.test(url.protocol) ? url.href : null; } catch { return null; } };
  const link = (part, text, address) => {
    const made = element('a', part, text);
    const href = web(address);
    if (href) { made.href = href; made.target = '_top'; made.rel = 'noopener external'; }
    return made;
  };

  class AggregatorFeed extends HTMLElement {
    static observedAttributes = ['category', 'count', 'layout', 'lang', 'images', 'excerpt'];
    #root = this.attachShadow({ mode: 'open' });
    #tag = null; #readAt = 0; #timer = 0; #pending = false;
    #seen = () => this.#refreshIfOld();

    connectedCallback() {
      this.#root.adoptedStyleSheets = [sheet];
      document.addEventListener('visibilitychange', this.#seen);
      this.#timer = setInterval(this.#seen, refreshEvery);
      this.#start();
    }

    disconnectedCallback() {
      document.removeEventListener('visibilitychange', this.#seen);
      clearInterval(this.#timer);
    }

    attributeChangedCallback(name, before, after) { if (this.isConnected && before !== after) this.#start(); }

    /** Asks again now; a browser that has the list already gets a 304. */
    refresh() { return this.#read('no-cache'); }

    get #count() { const count = Number.parseInt(this.getAttribute('count') ?? '10', 10); return Math.min(50, Math.max(1, count || 10)); }

    #refreshIfOld() {
      if (document.visibilityState === 'visible' && performance.now() - this.#readAt >= refreshEvery - 1000) this.refresh();
    }

    // Several attributes that change at once are one request.
    #start() {
      if (this.#pending) return;
      this.#pending = true;
      queueMicrotask(() => { this.#pending = false; this.#tag = null; this.#placeholder(); this.#read('default'); });
    }

    async #read(cache) {
      const address = new URL('embed/' + encodeURIComponent(this.getAttribute('category') ?? '') + '.json', base);
      address.searchParams.set('count', this.#count);
      const language = this.getAttribute('lang') || this.closest('[lang]')?.lang;
      if (/^(zh|en)\b/i.test(language ?? '')) address.searchParams.set('lang', language.slice(0, 2).toLowerCase());
      if (this.hasAttribute('images')) address.searchParams.set('images', '1');
      if (this.hasAttribute('excerpt')) address.searchParams.set('excerpt', '1');
      try {
        this.#readAt = performance.now();
        const answer = await fetch(address, { cache, credentials: 'omit', referrerPolicy: 'strict-origin-when-cross-origin', signal: AbortSignal.timeout(30000) });
        if (!answer.ok) throw new Error('HTTP ' + answer.status);
        const tag = answer.headers.get('etag');
        if (tag && tag === this.#tag) return;
        this.#show(await answer.json());
        this.#tag = tag;
      } catch (error) {
        // An older list is better than none.
        if (this.#tag === null) this.#fallBack();
        this.dispatchEvent(new CustomEvent('aggregator-error', { detail: String(error) }));
      }
    }

    #frame() {
      const layout = oneOf(this.getAttribute('layout'), ['list', 'headlines', 'cards']);
      const frame = element('div');
      frame.className = [layout, this.hasAttribute('images') && 'images', this.hasAttribute('excerpt') && 'excerpt'].filter(Boolean).join(' ');
      const list = element('ol');
      list.setAttribute('part', 'list');
      list.style.setProperty('--count', this.#count);
      frame.append(list);
      return { frame, list };
    }

    #placeholder() {
      const { frame, list } = this.#frame();
      list.setAttribute('aria-busy', 'true');
      for (let i = 0; i < this.#count; i++) { const row = element('li'); row.setAttribute('aria-hidden', 'true'); list.append(row); }
      const more = element('span', 'more');
      more.append(document.createElement('slot'));
      frame.append(more);
      this.#root.replaceChildren(frame);
    }

    #fallBack() { this.#root.replaceChildren(document.createElement('slot')); }

    #show(feed) {
      const { frame, list } = this.#frame();
      const times = new Intl.DateTimeFormat(feed.language, { dateStyle: 'medium', timeStyle: 'short' });
      for (const item of feed.items.slice(0, this.#count)) {
        const row = element('li', 'item');
        if (item.language) row.lang = item.language;
        row.dir = oneOf(item.direction, ['auto', 'ltr', 'rtl']);
        const image = this.hasAttribute('images') && item.image && web(item.image);
        if (image) {
          const picture = element('img', 'image');
          picture.alt = ''; picture.loading = 'lazy'; picture.decoding = 'async'; picture.referrerPolicy = 'no-referrer'; picture.src = image;
          row.append(picture);
        }
        const text = element('div');
        text.append(link('title', item.title, item.url));
        if (item.excerpt) text.append(element('p', 'excerpt', item.excerpt));
        const facts = element('span', 'facts');
        facts.lang = feed.language;
        if (item.source) { const source = element('bdi', 'source', item.source); facts.append(source, ' '); }
        const time = element('time', 'time', times.format(new Date(item.date)));
        time.dateTime = item.date;
        time.dir = 'auto';
        facts.append(time);
        text.append(facts);
        row.append(text);
        list.append(row);
      }
      const more = element('span', 'more');
      more.lang = feed.language;
      more.append(link('', feed.more, feed.url), ' ', feed.notice);
      frame.append(more);
      this.#root.replaceChildren(frame);
    }
  }

  customElements.define('aggregator-feed', AggregatorFeed);

  // Frames of ours on this page: ask each how high it is, and believe only what comes from our own address.
  const ours = () => [...document.querySelectorAll('iframe')].filter(frame => frame.src.startsWith(base.href + 'embed/'));
  // To anybody: while a frame loads, another document is in it, and the question is no secret.
  const ask = frame => frame.contentWindow?.postMessage({ type: 'aggregator:height?' }, '*');
  addEventListener('message', event => {
    if (event.origin !== base.origin || event.data?.type !== 'aggregator:height') return;
    const height = Number(event.data.height);
    const frame = ours().find(one => one.contentWindow === event.source);
    if (frame && height > 0 && height < 20000) frame.height = Math.ceil(height);
  });
  const askAll = () => ours().forEach(frame => { frame.addEventListener('load', () => ask(frame)); ask(frame); });
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', askAll); else askAll();
})();
