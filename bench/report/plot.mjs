// A plot as SVG, readable on light and on dark ground.
import { logAxis, logScale } from './scale.mjs';

/**
 * @typedef {{ x: number, y: number, least?: number, most?: number, isOpen?: boolean }} Point `least` to `most` is its range
 * @typedef {{ name: string, points: Point[] }} Series
 * @typedef {{ title: string, series: Series[] }} Panel with the unit in the title
 */

const panelSize = { width: 340, height: 240 };
const margin = { left: 52, right: 16, top: 72, bottom: 48 };
const shapes = [circle, square, triangle];

/**
 * Panels side by side, with logarithmic axes; the series of one name look the same in all.
 * @param {object} plot
 * @param {string} plot.title for those who cannot see it
 * @param {string} plot.xTitle
 * @param {Panel[]} plot.panels
 * @param {string} [plot.note] below the legend
 */
export function plotSvg({ title, xTitle, panels, note = '' }) {
  const names = [...new Set(panels.flatMap(({ series }) => series.map(({ name }) => name)))];
  const outer = {
    width: margin.left + panelSize.width + margin.right,
    height: margin.top + panelSize.height + margin.bottom,
  };
  const width = outer.width * panels.length;
  const x = logAxis(pointsOf(panels).map((point) => point.x));
  const drawn = panels.map((panel, index) => {
    const inner = drawPanel(panel, x, xTitle, names);
    return `<g transform="translate(${index * outer.width + margin.left} ${margin.top})">\n${inner}\n</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${outer.height}" width="${width}" height="${outer.height}" role="img" aria-label="${escaped(title)}">
<style>
${style}
</style>
${legend(names)}
<text class="quiet" x="${margin.left}" y="40">${escaped(note)}</text>
${drawn.join('\n')}
</svg>
`;
}

const style = `  text { font: 12px system-ui, sans-serif; fill: #1f2328; }
  .quiet { fill: #59636e; }
  .grid { stroke: #d1d9e0; stroke-width: 1; }
  .s0 { --series: #59636e; } .s1 { --series: #0969da; } .s2 { --series: #bc4c00; }
  .line { fill: none; stroke: var(--series); stroke-width: 1.5; }
  .mark { fill: var(--series); stroke: var(--series); stroke-width: 1.5; }
  .open { fill: none; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .quiet { fill: #9198a1; }
    .grid { stroke: #3d444d; }
    .s0 { --series: #9198a1; } .s1 { --series: #4493f8; } .s2 { --series: #f0883e; }
  }`;

function legend(names) {
  const entries = names.map((name, index) => {
    const at = margin.left + index * 110;
    return `<g class="s${index}">${shapes[index](at, 18, '')}<text x="${at + 10}" y="22">${escaped(name)}</text></g>`;
  });
  return entries.join('\n');
}

function drawPanel({ title, series }, x, xTitle, names) {
  const { width, height } = panelSize;
  const y = logAxis(series.flatMap(({ points }) => points.flatMap(({ y, least = y, most = y }) => [least, y, most])));
  const toX = logScale(x.range, [0, width]);
  const toY = logScale(y.range, [height, 0]);
  return [
    `<text x="0" y="-12">${escaped(title)}</text>`,
    ...y.ticks.map((tick) => {
      const at = round(toY(tick));
      return `<line class="grid" x1="0" y1="${at}" x2="${width}" y2="${at}"/><text class="quiet" x="-8" y="${at + 4}" text-anchor="end">${tick}</text>`;
    }),
    `<line class="grid" x1="0" y1="${height}" x2="${width}" y2="${height}"/>`,
    ...x.ticks.map(
      (tick) => `<text class="quiet" x="${round(toX(tick))}" y="${height + 18}" text-anchor="middle">${tick}</text>`,
    ),
    `<text class="quiet" x="${width / 2}" y="${height + 38}" text-anchor="middle">${escaped(xTitle)}</text>`,
    ...series.map(({ name, points }) => drawSeries(points, names.indexOf(name), toX, toY)),
  ].join('\n');
}

/** A line through the points of one kind, a bar for the range of each, and a mark on it. */
function drawSeries(points, index, toX, toY) {
  const place = ({ x, y }) => `${round(toX(x))},${round(toY(y))}`;
  const closed = points.filter(({ isOpen }) => !isOpen);
  const line = closed.length > 1 ? [`<polyline class="line" points="${closed.map(place).join(' ')}"/>`] : [];
  const marks = points.map((point) => {
    const { x, y, least = y, most = y, isOpen } = point;
    const at = round(toX(x));
    const bar = `<line class="line" x1="${at}" y1="${round(toY(least))}" x2="${at}" y2="${round(toY(most))}"/>`;
    return (least < most ? bar : '') + shapes[index](at, round(toY(y)), isOpen ? ' open' : '');
  });
  return `<g class="s${index}">${[...line, ...marks].join('\n')}</g>`;
}

function circle(x, y, kind) {
  return `<circle class="mark${kind}" cx="${x}" cy="${y}" r="4"/>`;
}

function square(x, y, kind) {
  return `<rect class="mark${kind}" x="${round(x - 3.5)}" y="${round(y - 3.5)}" width="7" height="7"/>`;
}

function triangle(x, y, kind) {
  return `<path class="mark${kind}" d="M${x} ${round(y - 4.5)}l4.5 8h-9z"/>`;
}

function pointsOf(panels) {
  return panels.flatMap(({ series }) => series.flatMap(({ points }) => points));
}

function round(value) {
  return Math.round(value * 10) / 10;
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
