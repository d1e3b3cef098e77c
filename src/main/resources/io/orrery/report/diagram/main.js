/* Puts the parts together, and listens to mouse and keys. */

class Report {
  constructor(data) {
    this.model = new Model(data);
    this.camera = new Camera(this.model);
    this.scene = new Scene(this.model, this.camera);
    this.canvas = document.getElementById('canvas');
    this.tip = document.getElementById('tip');
    this.painter = new Painter(this.canvas, this.scene);
    this.momentPanel = new MomentPanel(this.model);
    this.operationPanel = new OperationPanel(this.model, it => this.choose(it.returned === NEVER ? it.invoked : it.returned));
    this.verdictPanel = new VerdictPanel(this.model, finding => this.showVerdict(finding));
    this.at = 0;
    this.light = null;
    /** The verdict that is shown, or null. */
    this.shown = null;
    this.waiting = false;
    this.describe();
    this.listen();
    this.resize();
    this.goTo(0);
  }

  describe() {
    const { head, lanes, messages, operations, moments, outages, reigns, disturbances, waits, namedBy } = this.model;
    const replicas = lanes.filter(lane => lane.isReplica).length;
    document.getElementById('facts').textContent = `${head.protocol}, ${replicas} replicas, seed ${head.seed}, `
      + `${moments.length} events, ${messages.length} messages, ${operations.length} operations. `
      + `Made by: ./run.sh sim ${head.file} --seed ${head.seed} --out DIR`;
    const has = kind => moments.some(it => it.kind === kind);
    const shapes = [
      ['⟶', 'message with a write', 'message', messages.some(it => it.carriesData)],
      ['⟶', 'other message', 'talk', messages.some(it => !it.carriesData)],
      ['╌✕', 'lost', 'lost', messages.some(it => it.fate === 'lost')],
      ['●', 'applied, with the clock', 'lane', has('applied')],
      ['□▨', 'held back', 'wait', waits.length > 0],
      ['◇', 'superseded', 'lane', has('superseded')],
      ['■', 'write', 'write', operations.some(it => !it.isRead)],
      ['▢', 'read', 'write', operations.some(it => it.isRead)],
      ['▢', 'refused ✗ or unknown ?', 'quiet', operations.some(it => it.answer !== 'done')],
      ['▭', 'leader, a colour for each term', 'term1-edge', reigns.some(it => it.leads)],
      ['┅', 'stands for election', 'term1-edge', reigns.some(it => !it.leads)],
      ['✕┄', 'down', 'lost', outages.some(it => !it.isPause)],
      ['▬', 'paused', 'quiet', outages.some(it => it.isPause)],
      ['▒', 'partition', 'fault', disturbances.some(it => it.isPartition)],
      ['┆', 'fault or heal', 'fault', disturbances.length > 0],
      ['▢', 'named by a violated verdict', 'witness', namedBy.size > 0],
      ['//', 'time drawn shorter', 'ink', this.model.shortened.length > 0],
    ];
    document.getElementById('legend').replaceChildren(...shapes.filter(([, , , isUsed]) => isUsed)
      .map(([shape, text, colour]) =>
        element('span', {}, element('i', { text: shape, style: `color: var(--${colour})` }), text)));
  }

  listen() {
    new ResizeObserver(() => this.resize()).observe(this.canvas.parentElement);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.draw());
    document.addEventListener('keydown', event => this.key(event));
    this.canvas.addEventListener('wheel', event => this.wheel(event), { passive: false });
    this.canvas.addEventListener('pointerdown', event => this.press(event));
    this.canvas.addEventListener('pointermove', event => this.move(event));
    this.canvas.addEventListener('pointerup', event => this.release(event));
    this.canvas.addEventListener('pointercancel', () => this.drop());
    this.canvas.addEventListener('pointerleave', () => this.hover(null));
    const middle = () => (this.camera.gutter + this.camera.width) / 2;
    const buttons = {
      first: () => this.step(-Infinity),
      back: () => this.step(-1),
      on: () => this.step(1),
      last: () => this.step(Infinity),
      in: () => this.zoom(1.4, middle()),
      out: () => this.zoom(1 / 1.4, middle()),
      fit: () => this.fit(),
    };
    Object.entries(buttons).forEach(([id, action]) => document.getElementById(id).addEventListener('click', action));
    this.keys = {
      ArrowLeft: buttons.back,
      ArrowRight: buttons.on,
      Home: buttons.first,
      End: buttons.last,
      '+': buttons.in,
      '=': buttons.in,
      '-': buttons.out,
      0: buttons.fit,
      Escape: () => this.clear(),
    };
  }

  key(event) {
    const action = this.keys[event.key];
    if (action && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      action();
    }
  }

  /** Goes so many events on, or back; what is lit up goes along. */
  step(by) {
    const to = Math.max(0, Math.min(this.model.moments.length - 1, this.at + by));
    this.choose(to, this.light !== null);
  }

  /** Goes to a moment, and lights up its past and future. */
  choose(number, isLit = true) {
    this.light = null;
    // A fault of links is at no replica: it has no past and no future of its own.
    if (isLit && this.model.moments[number].lane !== EVERYWHERE) {
      const past = this.model.past(number);
      const future = this.model.future(number);
      this.light = { of: number, past, future, all: new Set([number, ...past, ...future]) };
    }
    this.goTo(number);
  }

  goTo(number) {
    if (this.model.moments.length > 0) {
      this.at = number;
      this.camera.show(this.model.moments[number].x);
      this.momentPanel.show(number);
      this.operationPanel.show(number);
      this.draw();
    }
  }

  /** Nothing is lit up any more, and no verdict shown. */
  clear() {
    this.choose(this.at, false);
    this.verdictPanel.show(null);
  }

  /** Shows why a verdict is what it is: the operations that it names, or what the replicas hold at the end. */
  showVerdict(finding) {
    this.shown = finding;
    if (finding && finding.endings.length > 0) {
      this.step(Infinity);
      this.camera.frame(this.model.moments[this.at].x, this.model.size.end);
    } else if (finding && finding.operations.length > 0) {
      const all = finding.operations.map(number => this.model.operations[number]);
      const from = Math.min(...all.map(it => this.model.moments[it.invoked].x));
      const to = Math.max(...all.map(it => this.model.moments[it.returned === NEVER ? it.invoked : it.returned].x));
      this.camera.frame(from, to);
    }
    if (finding) {
      [this.canvas, this.verdictPanel.why].forEach(it => it.scrollIntoView({ block: 'nearest' }));
    }
    this.draw();
  }

  zoom(factor, at) {
    this.camera.zoom(factor, at);
    this.draw();
  }

  fit() {
    this.camera.fit();
    this.draw();
  }

  wheel(event) {
    event.preventDefault();
    const sideways = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
    if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
      this.camera.pan(-sideways);
      this.draw();
    } else {
      this.zoom(Math.exp(-event.deltaY * 0.0015), event.offsetX);
    }
  }

  press(event) {
    if (event.button !== 0) {
      return;
    }
    this.drag = { x: event.clientX, moved: 0 };
    this.canvas.setPointerCapture(event.pointerId);
  }

  move(event) {
    if (!this.drag) {
      this.hover(event);
      return;
    }
    const by = event.clientX - this.drag.x;
    this.drag.x = event.clientX;
    this.drag.moved += Math.abs(by);
    this.canvas.classList.add('dragged');
    this.camera.pan(by);
    this.draw();
  }

  release(event) {
    if (event.button !== 0) {
      return;
    }
    const isClick = this.drag && this.drag.moved < 4;
    this.drop();
    if (isClick) {
      const found = this.scene.find(event.offsetX, event.offsetY);
      const moment = found ? found.moment : NEVER;
      this.choose(moment === NEVER ? this.at : moment, moment !== NEVER);
    }
  }

  /** Ends a drag. */
  drop() {
    this.drag = null;
    this.canvas.classList.remove('dragged');
  }

  hover(event) {
    const found = event && this.scene.find(event.offsetX, event.offsetY);
    this.canvas.classList.toggle('over', Boolean(found) && found.moment !== NEVER);
    this.tip.hidden = !found;
    if (found) {
      this.tip.textContent = found.text;
      const left = Math.min(event.offsetX + 14, this.canvas.clientWidth - this.tip.offsetWidth - 4);
      this.tip.style.left = `${Math.max(0, left)}px`;
      this.tip.style.top = `${event.offsetY + 16}px`;
    }
  }

  resize() {
    this.painter.resize();
    this.draw(true);
  }

  /** Draws before the next frame; several changes between two frames cost one drawing. */
  draw(isNow = false) {
    if (isNow) {
      this.paint();
    } else if (!this.waiting) {
      this.waiting = true;
      requestAnimationFrame(() => {
        if (this.waiting) {
          this.paint();
        }
      });
    }
  }

  paint() {
    this.waiting = false;
    document.getElementById('notes').textContent = this.painter.paint(this.at, this.light, this.shown);
  }
}

/** For those who test the page, or look into it from the console. */
window.report = new Report(JSON.parse(document.getElementById('data').textContent));
