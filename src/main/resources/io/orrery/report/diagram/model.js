/* What happened: the run's data, what caused what, and what each replica held at any moment. */

/** The rows of a table as objects. */
function rowsOf(table) {
  return table.rows.map(row => Object.fromEntries(table.fields.map((field, i) => [field, row[i]])));
}

const NEVER = -1;
const EVERYWHERE = -1;

/** After so many moments the states of the replicas are kept. */
const KEPT_EVERY = 200;

class Model {
  constructor(data) {
    Object.assign(this, { head: data.head, size: data.size, findings: data.findings });
    for (const name of ['columns', 'shortened', 'lanes', 'moments', 'messages', 'operations', 'waits', 'outages',
      'reigns', 'disturbances']) {
      this[name] = rowsOf(data[name]);
    }
    this.moments.forEach((moment, number) => Object.assign(moment, {
      number,
      x: this.columns[moment.column].x,
      nanos: this.columns[moment.column].nanos,
      y: moment.lane === EVERYWHERE ? 0 : this.lanes[moment.lane].y,
    }));
    this.linkOrder();
    this.linkMessages();
    const replicas = this.lanes.map((lane, i) => [i, { name: lane.name, clock: '', status: 'up', store: new Map() }]);
    this.keptStates = [new Map(replicas.filter(([i]) => this.lanes[i].isReplica))];
    /** The models that are violated, by the numbers of the operations that show it. */
    this.namedBy = new Map();
    for (const { model, operations } of this.findings) {
      operations.forEach(number => this.namedBy.set(number, [...this.namedBy.get(number) || [], model]));
    }
  }

  /** Links each moment with the one before and after it on its lane, and with what it caused elsewhere. */
  linkOrder() {
    const last = this.lanes.map(() => NEVER);
    for (const moment of this.moments) {
      moment.effects = [];
      moment.next = NEVER;
      moment.previous = NEVER;
      if (moment.lane !== EVERYWHERE) {
        moment.previous = last[moment.lane];
        if (moment.previous !== NEVER) {
          this.moments[moment.previous].next = moment.number;
        }
        last[moment.lane] = moment.number;
      }
      if (moment.cause !== NEVER) {
        this.moments[moment.cause].effects.push(moment.number);
      }
    }
  }

  linkMessages() {
    for (const message of this.messages) {
      this.moments[message.sent].message = message;
      if (message.ended !== NEVER) {
        this.moments[message.ended].message = message;
      }
    }
  }

  laneName(lane) {
    return lane === EVERYWHERE ? 'links' : this.lanes[lane].name;
  }

  /** The numbers of all moments from which a path of events and messages leads to this one. */
  past(number) {
    return this.reach(number, moment => [moment.previous, moment.cause]);
  }

  /** The numbers of all moments to which a path of events and messages leads from this one. */
  future(number) {
    return this.reach(number, moment => [moment.next, ...moment.effects]);
  }

  reach(number, neighbours) {
    const found = new Set();
    const open = [number];
    while (open.length > 0) {
      for (const next of neighbours(this.moments[open.pop()])) {
        if (next !== NEVER && next !== number && !found.has(next)) {
          found.add(next);
          open.push(next);
        }
      }
    }
    return found;
  }

  /** What each replica holds, and its clock, when this moment has just happened. */
  stateAt(number) {
    const states = this.copy(this.kept(Math.floor(number / KEPT_EVERY)));
    this.replay(states, Math.floor(number / KEPT_EVERY) * KEPT_EVERY, number + 1);
    const here = this.moments[number];
    states.forEach((state, lane) => {
      state.changed = new Set(lane === here.lane ? here.holds.map(([key]) => key) : []);
      state.waits = [];
    });
    for (const wait of this.waits) {
      if (wait.from <= number && (wait.ended === NEVER || wait.ended > number)) {
        states.get(wait.lane).waits.push(wait);
      }
    }
    return [...states.values()];
  }

  /** The states before every so many moments: no step has to begin with the first moment. */
  kept(place) {
    while (this.keptStates.length <= place) {
      const last = this.keptStates.length - 1;
      const states = this.copy(this.keptStates[last]);
      this.replay(states, last * KEPT_EVERY, (last + 1) * KEPT_EVERY);
      this.keptStates.push(states);
    }
    return this.keptStates[place];
  }

  copy(states) {
    return new Map([...states].map(([lane, state]) => [lane, { ...state, store: new Map(state.store) }]));
  }

  /** Lets the moments happen from one to before another. */
  replay(states, from, to) {
    for (let i = from; i < to; i++) {
      const state = states.get(this.moments[i].lane);
      if (state) {
        this.happen(state, this.moments[i]);
      }
    }
  }

  happen(state, moment) {
    state.clock = moment.clock || state.clock;
    if (moment.kind === 'stopped' || moment.kind === 'started') {
      state.store.clear();
    }
    state.status = { stopped: 'down', paused: 'paused', started: 'up', resumed: 'up' }[moment.kind] || state.status;
    for (const [key, value, version] of moment.holds) {
      state.store.set(key, { value, version });
    }
  }

  /** In words, what happened at a moment. */
  describe(moment) {
    const message = moment.message;
    if (!message) {
      return moment.text;
    }
    const to = `${this.laneName(message.from)} → ${this.laneName(message.to)}`;
    switch (moment.kind) {
      case 'sent': return `sent ${to}: ${message.text}, ${journey(message)}`;
      case 'delivered': return `delivered ${to}: ${message.text}, ${journey(message)}`;
      default: return `lost ${to}: ${message.text}: ${message.loss}`;
    }
  }
}

/** How long a message is under way, in words. */
function journey(message) {
  return message.fate === 'under_way' ? 'still under way at the end' : `under way for ${time(message.delay)}`;
}

/** A time for people, such as 3.5 s or 12.3 ms: three digits. */
function time(nanos) {
  const units = [[1e9, 's'], [1e6, 'ms'], [1e3, 'us']];
  const [size, unit] = units.find(([size]) => nanos >= size) || [1, nanos === 0 ? 's' : 'ns'];
  return `${Number((nanos / size).toPrecision(3))} ${unit}`;
}

/** All nine decimals, in seconds. */
function exactTime(nanos) {
  return `${Math.floor(nanos / 1e9)}.${String(nanos % 1e9).padStart(9, '0')} s`;
}
