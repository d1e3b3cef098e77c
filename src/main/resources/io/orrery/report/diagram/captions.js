/* What is written into the diagram. */

/** Where more could be labelled than this, nothing is: zoom in. */
const MOST_LABELLED = 400;

/** Where along its arrow a message's label may be, the best place first. */
const PLACES = [0.5, 0.56, 0.44, 0.62, 0.38, 0.68, 0.32, 0.74, 0.26, 0.8, 0.2, 0.86, 0.14];

/** Breaks of the axis that are closer, in pixels, are not told apart. */
const LEAST_BREAK = 12;

class Captions {
  constructor(painter) {
    this.painter = painter;
    this.scene = painter.scene;
    this.labels = painter.labels;
  }

  /** Writes what finds room: what clients asked, what is waited for, the messages that are drawn, and the clocks. */
  write(messages) {
    const { scene, labels } = this;
    const { model } = scene;
    const halo = this.painter.colour('card');
    const { witness } = this.painter;
    const operations = model.operations.filter(it => scene.sees(it.invoked, it.invoked));
    const named = operations.filter(it => witness.names(it));
    named.forEach(it => this.operation(it, halo));
    if (operations.length + messages.length > MOST_LABELLED) {
      labels.leftOut += operations.length - named.length + messages.length;
      return;
    }
    operations.filter(it => !named.includes(it)).forEach(it => this.operation(it, halo));
    for (const it of model.waits.filter(it => scene.sees(it.from, it.from))) {
      const [x, y] = [scene.x(it.from) + 2, scene.y(it.lane)];
      labels.place(`waits for ${it.waitsFor}`, LABEL_FONT, this.painter.colour('wait'), [[x, y - 14], [x, y + 14]], halo);
    }
    witness.block();
    // Of what steps back, the labels would be in the way.
    const told = messages.filter(it => this.painter.alpha(it.sent, it.ended) === 1);
    told.filter(it => it.carriesData).forEach(it => this.message(it, halo));
    told.filter(it => !it.carriesData).forEach(it => this.message(it, halo));
    for (const it of model.moments.filter(it => it.kind === 'applied' && scene.sees(it.number, it.number))) {
      const [x, y] = [scene.x(it.number), scene.y(it.lane)];
      const width = labels.width(it.clock, CLOCK_FONT);
      const places = [[x + 7, y - 12], [x - width - 7, y - 12], [x + 7, y + 12], [x - width - 7, y + 12]];
      labels.place(it.clock, CLOCK_FONT, this.painter.colour('quiet'), places, halo);
    }
  }

  operation(it, halo) {
    const { x, y } = this.scene.bar(it);
    const atEdge = this.labels.right - this.labels.width(it.label, LABEL_FONT);
    const places = [[Math.max(x, this.labels.left), y + BAR + 10], [Math.min(x, atEdge), y + BAR + 10]];
    this.labels.place(it.label, LABEL_FONT, this.painter.colour('ink'), places, halo);
  }

  message(it, halo) {
    const lost = it.fate === 'lost';
    const text = lost ? it.label : `${it.label} · ${time(it.delay)}`;
    const width = this.labels.width(text, LABEL_FONT);
    const { x1, y1, x2, y2 } = this.scene.arrow(it);
    const places = lost
      ? [[x2 + 7, y2], [x2 + 7, y2 + 12], [x2 - 7 - width, y2]]
      // On the arrow, or else beside it.
      : [-width / 2, 7, -width - 7].flatMap(shift =>
        PLACES.map(share => [x1 + share * (x2 - x1) + shift, y1 + share * (y2 - y1)]));
    const colour = this.painter.colour(lost ? 'lost' : it.carriesData ? 'message' : 'quiet');
    this.labels.place(text, LABEL_FONT, colour, places, halo);
  }

  /** The times below the lanes: in full, or by how much later than the last one in full. */
  axis() {
    const { scene, labels } = this;
    const { camera } = scene;
    const y = scene.bottom + 4;
    this.painter.stroke(this.painter.colour('quiet'), 1);
    this.painter.line(camera.gutter, y, camera.width, y);
    let free = 0;
    let base = 0;
    let before = -1;
    for (const column of this.scene.model.columns) {
      if (column.nanos === before) {
        continue;
      }
      before = column.nanos;
      const isClose = base > 0 && (column.nanos - base) * 10 < base;
      base = isClose ? base : column.nanos;
      const x = camera.x(column.x);
      if (x < camera.gutter || x > camera.width || x <= free) {
        continue;
      }
      const text = isClose ? `+${time(column.nanos - base)}` : time(column.nanos);
      const width = labels.width(text, CLOCK_FONT);
      if (x - width / 2 > free) {
        this.painter.stroke(this.painter.colour('quiet'), 1);
        this.painter.line(x, y - 3, x, y + 3);
        labels.draw(text, CLOCK_FONT, this.painter.colour('quiet'), x - width / 2, y + 13, this.painter.colour('card'));
        free = x + width / 2 + 8;
      }
    }
    this.breaks(y);
  }

  /** Marks where time is drawn shorter. */
  breaks(y) {
    this.painter.stroke(this.painter.colour('ink'), 1);
    let free = 0;
    for (const it of this.scene.model.shortened) {
      const x = this.scene.camera.x((this.scene.model.columns[it.before].x + this.scene.model.columns[it.after].x) / 2);
      if (x > Math.max(free, this.scene.camera.gutter) && x < this.scene.camera.width) {
        free = x + LEAST_BREAK;
        this.painter.line(x, y - 4, x - 3, y + 4);
        this.painter.line(x + 4, y - 4, x + 1, y + 4);
      }
    }
  }
}
