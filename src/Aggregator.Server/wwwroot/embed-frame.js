// Tells the page around this frame how high the list is, once that page has asked. A height is all that ever leaves.
'use strict';
(() => {
  let asked = null;
  const tell = () => asked && asked.source.postMessage(
    { type: 'aggregator:height', height: Math.ceil(document.documentElement.getBoundingClientRect().height) },
    asked.origin === 'null' ? '*' : asked.origin);
  addEventListener('message', event => {
    if (event.source !== parent || event.data?.type !== 'aggregator:height?') return;
    asked = { source: event.source, origin: event.origin };
    tell();
  });
  new ResizeObserver(tell).observe(document.documentElement);
})();
