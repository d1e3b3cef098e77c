/* Where the parts of the diagram are on the screen, and what is at a place of it. */

const DOT = 4;
const BAR = 10;
const STUB = 20;
const NEAR = 7;
const FAULT_ROW = 17;

class Scene {
  constructor(model, camera) {
    this.model = model;
    this.camera = camera;
    /** Where the labels of faults are, as drawn last. */
    this.faultLabels = [];
  }

  /** The room above the lanes, for so many rows of labels of faults. */
  get top() {
    return 8 + FAULT_ROW * this.faultRows;
  }

  get bottom() {
    return this.top + this.model.size.height;
  }

  x(moment) {
    return this.camera.x(this.model.moments[moment].x);
  }

  y(lane) {
    return this.top + this.model.lanes[lane].y;
  }

  /** Where something ends on the screen; at the right edge of the diagram, if it never does. */
  end(moment) {
    return moment === NEVER ? this.camera.x(this.model.size.width) : this.x(moment);
  }

  /** Where what lasts ends on the screen; what never ends lasts as long as the lanes. */
  until(moment) {
    return moment === NEVER ? Math.max(this.end(NEVER), this.camera.width) : this.x(moment);
  }

  /** Whether a part of what lasts from one moment to another is seen. */
  sees(from, ended) {
    const end = ended === NEVER ? this.model.size.width : this.model.moments[ended].x;
    return end >= this.camera.from - 30 && this.model.moments[from].x <= this.camera.to + 30;
  }

  arrow(message) {
    const x1 = this.x(message.sent);
    const y1 = this.y(message.from);
    const target = this.y(message.to);
    const down = Math.sign(target - y1);
    if (message.fate === 'under_way') {
      return { x1, y1, x2: this.end(NEVER), y2: y1 + 0.8 * (target - y1) };
    }
    if (message.ended === message.sent) {
      return { x1, y1, x2: x1 + 4 + 5 * Math.abs(message.to - message.from), y2: y1 + STUB * down };
    }
    return { x1, y1, x2: this.x(message.ended), y2: target - (message.fate === 'lost' ? 6 * down : 0) };
  }

  bar(operation) {
    const x = this.x(operation.invoked);
    return { x, y: this.y(operation.lane) - BAR / 2, width: Math.max(BAR, this.end(operation.returned) - x) };
  }

  /** What is at a place: the moment to choose when it is clicked, and what there is to tell. Or null. */
  find(x, y) {
    return this.findMoment(x, y) || this.findOperation(x, y) || this.findSpan(x, y) || this.findMessage(x, y)
      || this.findFault(x, y) || this.findPartition(x);
  }

  findMoment(x, y) {
    let best = null;
    let nearest = NEAR;
    for (const moment of this.model.moments) {
      if (moment.lane === EVERYWHERE || !this.sees(moment.number, moment.number)
        || !this.model.lanes[moment.lane].isReplica) {
        continue;
      }
      const distance = Math.hypot(this.x(moment.number) - x, this.y(moment.lane) - y);
      // Of several at one spot the last: it knows the outcome of the others.
      if (distance <= nearest) {
        nearest = distance;
        best = moment;
      }
    }
    return best && { moment: best.number, text: this.tellAll(best) };
  }

  /** All that happened at the same spot. */
  tellAll(moment) {
    const model = this.model;
    const here = [];
    for (let n = moment.number; n !== NEVER && model.moments[n].column === moment.column; n = model.moments[n].previous) {
      here.unshift(model.moments[n]);
    }
    const lines = here.slice(-8).map(it => model.describe(it));
    if (here.length > 8) {
      lines.unshift(`${here.length - 8} earlier events here, and then`);
    }
    const clock = here.map(it => it.clock).filter(Boolean).pop();
    return [`${exactTime(moment.nanos)} at ${model.laneName(moment.lane)}`, ...lines, clock ? `clock ${clock}` : '']
      .filter(Boolean).join('\n');
  }

  findOperation(x, y) {
    const operation = this.model.operations.find(it => {
      const bar = this.bar(it);
      return x >= bar.x - 3 && x <= bar.x + bar.width + 3 && Math.abs(y - bar.y - BAR / 2) <= BAR / 2 + 3;
    });
    if (!operation) {
      return null;
    }
    const { invoked, returned } = operation;
    const took = returned === NEVER
      ? 'not returned when the run ended'
      : `returned after ${time(this.model.moments[returned].nanos - this.model.moments[invoked].nanos)}`;
    const models = this.model.namedBy.get(operation.number);
    const named = models ? `\nnamed by what is violated: ${models.join(', ')}` : '';
    return { moment: returned === NEVER ? invoked : returned, text: `${operation.text}\n${took}${named}` };
  }

  findSpan(x, y) {
    const within = it => Math.abs(this.y(it.lane) - y) <= NEAR && x >= this.x(it.from) && x <= this.until(it.ended);
    const wait = this.model.waits.find(within);
    if (wait) {
      const until = wait.ended === NEVER ? 'until the end' : `for ${time(this.span(wait))}`;
      return { moment: wait.from, text: `held back ${until}: ${wait.update}\nwaits for ${wait.waitsFor}` };
    }
    const reign = this.model.reigns.find(within);
    if (reign) {
      const what = `${this.model.laneName(reign.lane)} is ${reign.text}`;
      return { moment: reign.from, text: reign.ended === NEVER ? what : `${what}, for ${time(this.span(reign))}` };
    }
    const outage = this.model.outages.find(within);
    if (outage) {
      const what = `${this.model.laneName(outage.lane)} is ${outage.isPause ? 'paused' : 'down'}`;
      return { moment: outage.from, text: outage.ended === NEVER ? what : `${what} for ${time(this.span(outage))}` };
    }
    return null;
  }

  /** What was made to go wrong, or put right, at its line or its label. */
  findFault(x, y) {
    const label = this.faultLabels.find(it => x >= it.left && x <= it.right && Math.abs(y - it.y) <= FAULT_ROW / 2);
    const near = label ? [label.of] : this.model.disturbances.filter(it => Math.abs(this.x(it.from) - x) <= 4);
    return near.length === 0 ? null
      : { moment: near[0].from, text: near.slice(0, 8).map(it => this.tellFault(it)).join('\n') };
  }

  /** The partition at a place where there is nothing else: to be told, not to be chosen. */
  findPartition(x) {
    const it = this.model.disturbances.find(it => it.isPartition && x >= this.x(it.from) && x <= this.until(it.ended));
    return it ? { moment: NEVER, text: this.tellFault(it) } : null;
  }

  tellFault(it) {
    const until = !it.isPartition ? '' : it.ended === NEVER ? ', until the end' : `, for ${time(this.span(it))}`;
    return `${exactTime(this.model.moments[it.from].nanos)} ${it.text}${until}`;
  }

  span(it) {
    return this.model.moments[it.ended].nanos - this.model.moments[it.from].nanos;
  }

  findMessage(x, y) {
    let best = null;
    let nearest = NEAR - 1;
    for (const message of this.model.messages) {
      if (this.sees(message.sent, message.ended)) {
        const distance = distanceTo(this.arrow(message), x, y);
        if (distance < nearest) {
          nearest = distance;
          best = message;
        }
      }
    }
    if (!best) {
      return null;
    }
    const fate = best.fate === 'lost' ? `lost: ${best.loss}` : journey(best);
    const from = this.model.moments[best.sent];
    return {
      moment: best.sent,
      text: `${this.model.laneName(best.from)} → ${this.model.laneName(best.to)}: ${best.text}\n`
        + `sent at ${exactTime(from.nanos)}, ${fate}${from.clock ? `\nclock of the sender ${from.clock}` : ''}`,
    };
  }
}

/** How far a place is from a line between two others. */
function distanceTo({ x1, y1, x2, y2 }, x, y) {
  const length = (x2 - x1) ** 2 + (y2 - y1) ** 2;
  const share = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length));
  return Math.hypot(x - x1 - share * (x2 - x1), y - y1 - share * (y2 - y1));
}
