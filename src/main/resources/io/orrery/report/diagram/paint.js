/* Draws what is seen of the diagram, the farthest behind first. */

/** Of more messages in view than this, only so many are drawn. */
const MOST_MESSAGES = 800;

/** Where more writes are held back in view than this, their bars are drawn together. */
const MOST_BARS = 200;

class Painter {
  constructor(canvas, scene) {
    this.canvas = canvas;
    this.scene = scene;
    this.model = scene.model;
    this.camera = scene.camera;
    this.context = canvas.getContext('2d');
    this.labels = new Labels(this.context);
    this.captions = new Captions(this);
    this.witness = new Witness(this);
    this.faults = new FaultLabels(this);
    scene.faultRows = this.faults.rows();
  }

  /** The colours of the page, light or dark. */
  readColours() {
    const style = getComputedStyle(document.documentElement);
    const known = new Map();
    this.colour = name => {
      if (!known.has(name)) {
        known.set(name, style.getPropertyValue(`--${name}`).trim());
      }
      return known.get(name);
    };
  }

  gutter() {
    const widths = this.model.lanes.map(lane => this.labels.width(lane.name, 'bold 13px system-ui, sans-serif'));
    return Math.min(160, Math.max(...widths)) + 22;
  }

  resize() {
    const ratio = window.devicePixelRatio || 1;
    const width = this.canvas.clientWidth;
    const height = this.scene.bottom + 30;
    this.canvas.style.height = `${height}px`;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.camera.resize(width, this.gutter());
  }

  /**
   * Draws all. Returns what was left out, in words.
   * @param at the moment where one is in time
   * @param light the past and the future of a moment, or null
   * @param shown the verdict that is shown, or null
   */
  paint(at, light, shown) {
    this.readColours();
    this.light = light;
    this.witness.begin(shown);
    this.labels.clear(this.camera.gutter, this.camera.width);
    this.spots = new Set();
    const context = this.context;
    context.clearRect(0, 0, this.canvas.clientWidth, this.scene.bottom + 30);
    context.save();
    context.beginPath();
    context.rect(this.camera.gutter, 0, this.camera.width - this.camera.gutter, this.scene.bottom + 30);
    context.clip();
    this.disturbances();
    this.reigns();
    this.lanes();
    this.spans();
    this.now(at);
    this.questions();
    const messages = this.messages();
    this.witness.drawLinks();
    this.moments(at);
    this.operations();
    this.witness.drawEndings();
    this.faults.write();
    this.captions.write(messages.drawn);
    this.captions.axis();
    context.restore();
    this.names();
    return this.leftOut(messages);
  }

  leftOut({ drawn, inView }) {
    const words = [];
    const outside = this.witness.outside();
    if (outside.length > 0) {
      words.push(`Numbered operations outside this view: ${outside.join(', ')}.`);
    }
    if (this.light) {
      const { past, future } = this.light;
      words.push(`Lit up: the causal past (${past.size} events, solid arrows) and future (${future.size}, dashed).`);
    }
    if (drawn.length < inView) {
      words.push(`Messages not shown at this zoom: ${inView - drawn.length} of ${inView}.`);
    }
    if (this.labels.leftOut > 0) {
      words.push(`Labels without room here: ${this.labels.leftOut}; hover, or zoom in.`);
    }
    return words.join(' ');
  }

  stroke(colour, width, dash = []) {
    this.context.strokeStyle = colour;
    this.context.lineWidth = width;
    this.context.setLineDash(dash);
  }

  line(x1, y1, x2, y2) {
    this.context.beginPath();
    this.context.moveTo(x1, y1);
    this.context.lineTo(x2, y2);
    this.context.stroke();
  }

  /** Whether a shape is the first of its kind at a spot. Where thousands lie upon each other, one of them is drawn. */
  isFirst(kind, lane, x, width = 0) {
    const spot = [kind, lane, Math.round(x / 2), Math.round(width / 2), this.context.globalAlpha].join();
    const isFirst = !this.spots.has(spot);
    this.spots.add(spot);
    return isFirst;
  }

  /** How strongly a moment shows: what is neither in the past nor the future of the chosen one steps back. */
  alpha(...numbers) {
    return !this.light || numbers.every(number => number === NEVER || this.light.all.has(number)) ? 1 : 0.16;
  }

  disturbances() {
    const { scene, context } = this;
    for (const it of this.model.disturbances.filter(it => scene.sees(it.from, it.isPartition ? it.ended : it.from))) {
      const x = scene.x(it.from);
      if (it.isPartition) {
        context.fillStyle = this.colour('apart');
        context.fillRect(x, scene.top, scene.until(it.ended) - x, this.model.size.height);
      }
      this.stroke(this.colour('fault'), 1.2, [6, 3]);
      this.line(x, 8, x, scene.bottom);
    }
  }

  /** Who led when: a band in the colour of the term; who stood for election: a lower one with a dashed border. */
  reigns() {
    const { scene, context } = this;
    for (const it of this.model.reigns.filter(it => scene.sees(it.from, it.ended))) {
      const x = scene.x(it.from);
      const width = Math.max(5, scene.until(it.ended) - x);
      const y = scene.y(it.lane);
      const half = it.leads ? 11 : 6;
      context.fillStyle = this.colour(`term${it.term % 4}`);
      context.fillRect(x, y - half, width, 2 * half);
      this.stroke(this.colour(`term${it.term % 4}-edge`), it.leads ? 1.6 : 1.2, it.leads ? [] : [3, 2]);
      context.strokeRect(x, y - half, width, 2 * half);
      const seen = Math.max(x, this.camera.gutter) + 3;
      const text = `${it.leads ? 'leads' : 'stands'}, term ${it.term}`;
      this.labels.place(text, ENDING_FONT, this.colour('ink'), [[seen, y - 20], [seen, y + 20]], this.colour('card'));
    }
  }

  lanes() {
    this.model.lanes.forEach((lane, i) => {
      const y = this.scene.y(i);
      this.stroke(this.colour(lane.isReplica ? 'lane' : 'client'), lane.isReplica ? 1.6 : 1);
      this.line(this.camera.gutter, y, this.camera.width, y);
      this.labels.block(0, y - 1, this.camera.width, y + 1);
    });
  }

  names() {
    const context = this.context;
    context.textBaseline = 'middle';
    this.model.lanes.forEach((lane, i) => {
      context.font = lane.isReplica ? 'bold 13px system-ui, sans-serif' : 'italic 12px system-ui, sans-serif';
      context.fillStyle = this.colour(lane.isReplica ? 'ink' : 'quiet');
      context.fillText(lane.name, 4, this.scene.y(i), this.camera.gutter - 10);
    });
  }

  spans() {
    const { scene, context } = this;
    for (const it of this.model.outages.filter(it => scene.sees(it.from, it.ended))) {
      const x = scene.x(it.from);
      const width = Math.max(6, scene.until(it.ended) - x);
      context.fillStyle = this.colour(it.isPause ? 'pause' : 'card');
      context.fillRect(x, scene.y(it.lane) - 7, width, 14);
      this.stroke(this.colour(it.isPause ? 'quiet' : 'lost'), 1, it.isPause ? [] : [3, 3]);
      context.strokeRect(x, scene.y(it.lane) - 7, width, 14);
      const word = it.isPause ? 'paused' : 'down';
      const seen = Math.max(x, this.camera.gutter);
      if (x + width - seen > 60) {
        this.labels.draw(word, LABEL_FONT, this.colour('quiet'), seen + 8, scene.y(it.lane), this.colour('card'));
      }
    }
    this.waits().forEach(it => this.hatched(it.x, scene.y(it.lane) - 4, it.end - it.x, 8));
  }

  /** The bars of what is held back; where there are many, one for all that lie upon each other. */
  waits() {
    const { scene } = this;
    const bars = this.model.waits.filter(it => scene.sees(it.from, it.ended)).map(it => {
      const x = scene.x(it.from);
      return { lane: it.lane, x, end: Math.max(x + 4, scene.until(it.ended)) };
    });
    if (bars.length <= MOST_BARS) {
      return bars;
    }
    const last = new Map();
    return bars.filter(bar => {
      const before = last.get(bar.lane);
      const isUpon = before && bar.x <= before.end;
      if (isUpon) {
        before.end = Math.max(before.end, bar.end);
      } else {
        last.set(bar.lane, bar);
      }
      return !isUpon;
    });
  }

  hatched(x, y, width, height) {
    const context = this.context;
    if (width < 12) {
      // No strokes are seen in so short a bar, and they take long to draw.
      context.fillStyle = this.colour('card');
      context.fillRect(x, y, width, height);
      this.stroke(this.colour('wait'), 1);
      context.strokeRect(x, y, width, height);
      return;
    }
    // Only the part in view: what waits long would have many strokes.
    const from = Math.max(x, this.camera.gutter);
    const to = Math.min(x + width, this.camera.width);
    context.save();
    context.beginPath();
    context.rect(from, y, Math.max(0, to - from), height);
    context.fillStyle = this.colour('card');
    context.fill();
    this.stroke(this.colour('wait'), 1);
    context.stroke();
    context.clip();
    context.beginPath();
    for (let i = from - height; i < to; i += 6) {
      context.moveTo(i, y + height);
      context.lineTo(i + height, y);
    }
    context.stroke();
    context.restore();
  }

  now(at) {
    this.stroke(this.colour('now'), 1.5);
    const x = this.scene.x(at);
    this.line(x, this.scene.top - 6, x, this.scene.bottom);
  }

  questions() {
    const { scene } = this;
    const inView = this.model.operations.filter(it => scene.sees(it.invoked, it.returned));
    // Where there are many, no dots are seen, and they take long to draw.
    this.stroke(this.colour('client'), 1, inView.length > MOST_LABELLED ? [] : [1.5, 2.5]);
    for (const it of inView) {
      const from = scene.x(it.invoked);
      if (this.isFirst('question', it.lane, from)) {
        this.line(from, scene.y(it.lane), from, scene.y(it.via));
      }
      if (it.answer === 'done' && this.isFirst('answer', it.lane, scene.x(it.returned))) {
        this.line(scene.x(it.returned), scene.y(it.via), scene.x(it.returned), scene.y(it.lane));
      }
    }
  }

  /** Returns which were drawn, and how many are in view. */
  messages() {
    let drawn = this.model.messages.filter(it => this.scene.sees(it.sent, it.ended));
    const inView = drawn.length;
    if (inView > MOST_MESSAGES) {
      // One in so many, all over.
      const each = Math.ceil(inView / MOST_MESSAGES);
      drawn = drawn.filter((it, i) => i % each === 0);
    }
    drawn.forEach(it => this.message(it));
    this.context.globalAlpha = 1;
    return { drawn, inView };
  }

  message(it) {
    const { x1, y1, x2, y2 } = this.scene.arrow(it);
    const lost = it.fate === 'lost';
    const lit = this.light && this.alpha(it.sent, it.ended) === 1;
    // Behind what a verdict names, messages step back a little.
    this.context.globalAlpha = Math.min(this.alpha(it.sent, it.ended), this.witness.operations.length > 0 ? 0.45 : 1);
    let colour = this.colour(lost ? 'lost' : it.carriesData ? 'message' : 'talk');
    let dash = lost ? [5, 3] : [];
    if (lit && !lost) {
      const isPast = this.light.past.has(it.sent);
      colour = this.colour(isPast ? 'past' : 'future');
      dash = isPast ? [] : [7, 3];
    }
    this.stroke(colour, lit ? 2.2 : it.carriesData ? 1.5 : 1, dash);
    const length = Math.hypot(x2 - x1, y2 - y1) || 1;
    const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
    const gap = it.fate === 'arrived' ? DOT : 0;
    this.line(x1, y1, x2 - gap * dx, y2 - gap * dy);
    if (it.fate === 'arrived') {
      this.tip(x2 - gap * dx, y2 - gap * dy, dx, dy, colour);
    } else if (lost) {
      this.cross(x2, y2);
      this.labels.block(x2 - DOT, y2 - DOT, x2 + DOT, y2 + DOT);
    }
  }

  tip(x, y, dx, dy, colour) {
    const context = this.context;
    context.fillStyle = colour;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x - 7 * dx - 3 * dy, y - 7 * dy + 3 * dx);
    context.lineTo(x - 7 * dx + 3 * dy, y - 7 * dy - 3 * dx);
    context.fill();
  }

  cross(x, y) {
    this.stroke(this.colour('lost'), 2);
    this.line(x - 4, y - 4, x + 4, y + 4);
    this.line(x - 4, y + 4, x + 4, y - 4);
  }

  moments(at) {
    const { scene, context } = this;
    for (const it of this.model.moments) {
      const drawn = it.kind === 'applied' || it.kind === 'held' || it.kind === 'superseded' || it.kind === 'stopped';
      const isHere = it.number === at || (this.light && it.number === this.light.of);
      if (!(drawn || isHere) || it.lane === EVERYWHERE || !scene.sees(it.number, it.number)) {
        continue;
      }
      const x = scene.x(it.number);
      const y = scene.y(it.lane);
      context.globalAlpha = this.alpha(it.number);
      if (drawn && this.isFirst(it.kind, it.lane, x)) {
        this.mark(it.kind, x, y);
        this.labels.block(x - DOT, y - DOT, x + DOT, y + DOT);
      }
      if (isHere) {
        this.stroke(this.colour(this.light ? 'future' : 'message'), 2);
        context.beginPath();
        context.arc(x, y, 8, 0, 2 * Math.PI);
        context.stroke();
      }
    }
    context.globalAlpha = 1;
  }

  mark(kind, x, y) {
    const context = this.context;
    context.beginPath();
    if (kind === 'applied') {
      context.arc(x, y, DOT, 0, 2 * Math.PI);
      context.fillStyle = this.colour('lane');
      context.fill();
    } else if (kind === 'stopped') {
      this.cross(x, y);
    } else {
      if (kind === 'held') {
        context.rect(x - DOT, y - DOT, 2 * DOT, 2 * DOT);
      } else {
        [[0, -5], [5, 0], [0, 5], [-5, 0], [0, -5]].forEach(([dx, dy]) => context.lineTo(x + dx, y + dy));
      }
      context.fillStyle = this.colour('card');
      context.fill();
      this.stroke(this.colour(kind === 'held' ? 'wait' : 'lane'), kind === 'held' ? 2 : 1.4);
      context.stroke();
    }
  }

  operations() {
    const { scene, context } = this;
    for (const it of this.model.operations.filter(it => scene.sees(it.invoked, it.returned))) {
      const { x, y, width } = scene.bar(it);
      context.globalAlpha = this.alpha(it.invoked);
      const known = it.answer === 'done';
      const isNamed = this.model.namedBy.has(it.number);
      if (!isNamed && !this.isFirst(it.isRead ? 'read' : known, it.lane, x, width)) {
        continue;
      }
      context.beginPath();
      context.roundRect(x, y, width, BAR, 3);
      context.fillStyle = this.colour(known && !it.isRead ? 'write' : 'card');
      context.fill();
      this.stroke(this.colour(known ? 'write' : 'quiet'), 1.5, known ? [] : [3, 2]);
      context.stroke();
      context.globalAlpha = 1;
      this.labels.block(x, y, x + width, y + BAR);
      this.witness.mark(it, { x, y, width });
    }
    context.globalAlpha = 1;
  }
}
