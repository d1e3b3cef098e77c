/* The tables beside the diagram: the state at a moment, the verdicts, the operations. */

const MOST_KEYS = 24;
const MOST_OPERATIONS = 100;

/** A new element with text and children in it. */
function element(name, { text, type, ...attributes } = {}, ...children) {
  const it = document.createElement(name);
  if (text !== undefined) {
    it.textContent = text;
  }
  if (type) {
    it.className = type;
  }
  Object.entries(attributes).forEach(([key, value]) => it.setAttribute(key, value));
  it.append(...children);
  return it;
}

function headRow(...titles) {
  return element('tr', {}, ...titles.map(text => element('th', { text, scope: 'col' })));
}

/** A row that does something, by mouse and by keyboard. */
function linkRow(action, ...cells) {
  const row = element('tr', { type: 'link', tabindex: '0' }, ...cells);
  row.addEventListener('click', action);
  row.addEventListener('keydown', event => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      action();
    }
  });
  return row;
}

class MomentPanel {
  constructor(model) {
    this.model = model;
    this.now = document.getElementById('now');
    this.table = document.getElementById('replicas');
  }

  show(number) {
    const moment = this.model.moments[number];
    this.now.replaceChildren(
      element('strong', { text: `${exactTime(moment.nanos)} · ${this.model.laneName(moment.lane)}` }),
      ` ${this.model.describe(moment)} `,
      element('span', { text: `(event ${number + 1} of ${this.model.moments.length})`, type: 'quiet' }));
    this.table.replaceChildren(
      headRow('replica', 'clock', 'holds', 'held back'),
      ...this.model.stateAt(number).map(state => this.row(state)));
  }

  row(state) {
    const name = state.status === 'up' ? state.name : `${state.name} (${state.status})`;
    const waits = state.waits.map(it => element('div', { text: `${it.update} until it has ${it.waitsFor}`, type: 'held' }));
    return element('tr', {},
      element('td', {}, element('strong', { text: name })),
      element('td', { text: state.status === 'down' ? '' : state.clock, type: 'code' }),
      element('td', { type: 'code' }, ...this.store(state)),
      element('td', { type: 'code' }, ...waits));
  }

  store(state) {
    const keys = [...state.store.keys()].sort();
    // What has just changed is never among what is left out.
    const shown = keys.filter((key, i) => i < MOST_KEYS || state.changed.has(key));
    const cells = shown.flatMap(key => {
      const { value, version } = state.store.get(key);
      const text = `${key} = ${value === null ? '(deleted)' : value} ${version}`;
      return [element('span', { text, type: state.changed.has(key) ? 'changed' : 'kept' }), document.createElement('br')];
    });
    if (shown.length < keys.length) {
      cells.push(`and ${keys.length - shown.length} more keys`);
    }
    return cells;
  }
}

class VerdictPanel {
  /** @param choose is called with the verdict that is clicked, or null */
  constructor(model, choose) {
    this.model = model;
    this.choose = choose;
    this.why = document.getElementById('why');
    this.rows = model.findings.map(finding => this.row(finding));
    document.getElementById('verdicts').replaceChildren(headRow('verdict', 'model', 'expected'), ...this.rows);
    this.chosen = null;
  }

  row(finding) {
    const mark = { holds: '✓', violated: '✗' }[finding.verdict] || '?';
    return linkRow(() => this.toggle(finding),
      element('td', { text: `${mark} ${finding.verdict}`, type: finding.verdict }),
      element('td', { text: finding.model, title: finding.description }),
      element('td', { text: expectation(finding) }));
  }

  toggle(finding) {
    this.show(this.chosen === finding ? null : finding);
  }

  /** Shows one verdict, or none, here and in the diagram. */
  show(finding) {
    this.chosen = finding;
    this.rows.forEach((row, i) => row.classList.toggle('chosen', this.model.findings[i] === finding));
    this.tell(finding ? `${finding.model}: ${finding.why || `${finding.verdict}; ${finding.description}`}` : '');
    this.choose(finding);
  }

  tell(text) {
    this.why.textContent = text;
  }
}

/** What a scenario expects of a model, and whether it is so. */
function expectation({ expected, verdict }) {
  if (expected === undefined) {
    return '';
  }
  const met = verdict === 'undecided' ? ': undecided' : (verdict === 'holds') === expected ? '' : ': unmet';
  return `${expected ? 'to hold' : 'not to hold'}${met}`;
}

class OperationPanel {
  /** @param choose is called with the operation that is clicked */
  constructor(model, choose) {
    this.model = model;
    this.choose = choose;
    this.table = document.getElementById('operations');
    this.more = document.getElementById('more');
    this.from = -1;
  }

  /** Shows the operations around this moment. */
  show(number) {
    const { operations, moments } = this.model;
    const begun = operations.filter(it => it.invoked <= number).length;
    const from = Math.max(0, Math.min(operations.length - MOST_OPERATIONS, begun - MOST_OPERATIONS / 2));
    if (from !== this.from) {
      this.from = from;
      const shown = operations.slice(from, from + MOST_OPERATIONS);
      this.rows = shown.map(it => this.row(it, moments));
      this.table.replaceChildren(headRow('#', 'client', 'asked', 'operation', 'from', 'to'), ...this.rows);
      this.more.textContent = shown.length < operations.length
        ? `Operations ${from + 1} to ${from + shown.length} of ${operations.length}: those around the present moment.` : '';
    }
    this.rows.forEach((row, i) => {
      const { invoked, returned } = operations[from + i];
      row.classList.toggle('chosen', invoked <= number && (returned === NEVER || returned >= number));
    });
  }

  row(it, moments) {
    const ended = it.returned === NEVER ? 'never' : exactTime(moments[it.returned].nanos);
    return linkRow(() => this.choose(it),
      element('td', { text: it.number }),
      element('td', { text: this.model.laneName(it.lane) }),
      element('td', { text: this.model.laneName(it.via) }),
      element('td', { text: it.label, title: it.text }),
      element('td', { text: exactTime(moments[it.invoked].nanos), type: 'code' }),
      element('td', { text: ended, type: 'code' }));
  }
}
