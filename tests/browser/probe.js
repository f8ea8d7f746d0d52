// Measures the page it stands in, and leaves what it found in the document for the test to read.
addEventListener('load', () => {
  const box = (e) => e.getBoundingClientRect();
  const number = (s) => parseFloat(s) || 0;
  const ink = (e) => getComputedStyle(e).stroke;
  const luminance = (colour) => {
    const [r, g, b] = colour.match(/[\d.]+/g).map(Number);
    return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
  };
  const root = document.documentElement;
  const figures = [...document.querySelectorAll('figure')].map((figure) => {
    // A broad figure is drawn a second time for narrow pages; one of the two is shown.
    const svg = [...figure.querySelectorAll('svg')].find((e) => box(e).width > 0) ?? figure.querySelector('svg');
    const lines = svg ? [...svg.querySelectorAll('polyline')] : [];
    return {
      id: figure.id,
      width: svg ? box(svg).width : 0,
      height: svg ? box(svg).height : 0,
      lines: lines.filter((line) => box(line).width > 20).length,
      inks: [...new Set(lines.map(ink))],
      label: Math.min(...[...(svg ? svg.querySelectorAll('text') : [])].map((text) => box(text).height), 99),
    };
  });
  const outside = [...document.querySelectorAll('body *')].filter((e) => {
    const scrolls = e.closest('.scroll, svg, .skip, .spoken');
    return (!scrolls || scrolls === e && !e.matches('.skip, .spoken')) && box(e).right > root.clientWidth + 1;
  });
  const found = {
    width: innerWidth,
    overflow: root.scrollWidth - root.clientWidth,
    outside: outside.map((e) => e.tagName + '.' + e.className).slice(0, 5),
    verdicts: [...document.querySelectorAll('.badge:not(.proved)')].filter((e) => e.checkVisibility({ contentVisibilityAuto: true })).map((e) => e.textContent.trim()),
    tiles: [...document.querySelectorAll('.tile')].map((e) => e.textContent.trim()),
    heading: document.querySelector('h1').textContent,
    page: luminance(getComputedStyle(document.body).backgroundColor),
    text: luminance(getComputedStyle(document.body).color),
    size: number(getComputedStyle(document.body).fontSize),
    figures,
  };
  const pre = document.createElement('pre');
  pre.id = 'probe';
  pre.textContent = JSON.stringify(found);
  document.body.append(pre);
});
