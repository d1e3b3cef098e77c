/* Draws what shows that a verdict is violated: the operations that it names, numbered, each linked with the next; and what
   the replicas hold at the end, with the same letter where it is the same. */

const DISC = 8;
const MOST_BEND = 44;

/** A curve from one place to another that passes above what is between them; it begins and ends a little aside of them. */
function link(from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.max(1, Math.hypot(dx, dy));
  const bend = Math.min(MOST_BEND, 14 + length * 0.12);
  const side = dy < 0 ? -bend : bend;
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const control = dy === 0
    ? { x: middle.x, y: middle.y - bend }
    : { x: middle.x + side * dy / length, y: middle.y - side * dx / length };
  return { from: towards(from, control, DISC + 2), control, to: towards(to, control, DISC + 2) };
}

/** The place so far from one, in the direction of another. */
function towards(from, to, distance) {
  const length = Math.max(1, Math.hypot(to.x - from.x, to.y - from.y));
  return { x: from.x + (to.x - from.x) * distance / length, y: from.y + (to.y - from.y) * distance / length };
}

class Witness {
  constructor(painter) {
    this.painter = painter;
    this.scene = painter.scene;
    this.model = painter.model;
  }

  /** @param finding the verdict that is shown, or null */
  begin(finding) {
    this.operations = finding ? finding.operations : [];
    this.endings = finding ? finding.endings : [];
    this.places = [];
    for (const number of this.operations) {
      this.places.push(this.place(this.model.operations[number]));
    }
    this.links = this.places.slice(1).map((to, i) => link(this.places[i], to));
  }

  /** Where an operation's number is: at its upper left corner, or above the numbers that are there. */
  place(operation) {
    const bar = this.scene.bar(operation);
    const place = { x: bar.x - 3, y: bar.y - 6 };
    while (this.places.some(it => Math.hypot(it.x - place.x, it.y - place.y) < 2 * DISC)) {
      place.y -= 2 * DISC + 1;
    }
    return place;
  }

  names(operation) {
    return this.operations.includes(operation.number);
  }

  /** The numbers of those that are not in view. */
  outside() {
    const { from, to } = this.scene.camera;
    return this.operations.flatMap((number, i) => {
      const { x } = this.model.moments[this.model.operations[number].invoked];
      return x < from || x > to ? [i + 1] : [];
    });
  }

  drawLinks() {
    const { painter } = this;
    const context = painter.context;
    const colour = painter.colour('witness');
    context.globalAlpha = 0.75;
    for (const { from, control, to } of this.links) {
      painter.stroke(colour, 1.6);
      context.beginPath();
      context.moveTo(from.x, from.y);
      context.quadraticCurveTo(control.x, control.y, to.x, to.y);
      context.stroke();
      const length = Math.max(1, Math.hypot(to.x - control.x, to.y - control.y));
      painter.tip(to.x, to.y, (to.x - control.x) / length, (to.y - control.y) / length, colour);
    }
    context.globalAlpha = 1;
  }

  /** Keeps labels off the links. */
  block() {
    for (const { from, control, to } of this.links) {
      for (let share = 0; share <= 1; share += 1 / 24) {
        const at = axis => (1 - share) ** 2 * from[axis] + 2 * share * (1 - share) * control[axis] + share ** 2 * to[axis];
        this.painter.labels.block(at('x') - 2, at('y') - 2, at('x') + 2, at('y') + 2);
      }
    }
  }

  /** Marks an operation: with its number in the verdict that is shown, or faintly where another violated one names it. */
  mark(operation, { x, y, width }) {
    const isShown = this.names(operation);
    if (!isShown && !(this.operations.length === 0 && this.model.namedBy.has(operation.number))) {
      return;
    }
    const context = this.painter.context;
    this.painter.stroke(this.painter.colour('witness'), isShown ? 2.4 : 1, isShown ? [] : [2, 2]);
    context.beginPath();
    context.roundRect(x - 3, y - 3, width + 6, BAR + 6, 5);
    context.stroke();
    if (isShown) {
      const place = this.operations.indexOf(operation.number);
      this.disc(this.places[place].x, this.places[place].y, place + 1);
    }
  }

  disc(x, y, text) {
    const context = this.painter.context;
    context.beginPath();
    context.arc(x, y, DISC, 0, 2 * Math.PI);
    context.fillStyle = this.painter.colour('witness');
    context.fill();
    context.font = 'bold 10px system-ui, sans-serif';
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillStyle = this.painter.colour('card');
    context.fillText(text, x, y + 0.5);
    context.textAlign = 'left';
    this.painter.labels.block(x - DISC, y - DISC, x + DISC, y + DISC);
  }

  /** What the replicas hold at the end. */
  drawEndings() {
    const { labels } = this.painter;
    const x = this.scene.camera.x(this.model.size.end);
    if (x > this.scene.camera.width) {
      return;
    }
    for (const it of this.endings) {
      const y = this.scene.y(it.lane);
      const width = labels.width(it.text, ENDING_FONT);
      this.disc(x, y, it.letter);
      const places = [x + 12, labels.right - width, x - 12 - width].flatMap(left => [[left, y - 12], [left, y + 12]]);
      labels.place(it.text, ENDING_FONT, this.painter.colour('witness'), places, this.painter.colour('card'));
    }
  }
}
