/* The labels of what was made to go wrong, and put right, above the lanes. */

/** More rows would push the lanes away. */
const MOST_FAULT_ROWS = 5;
const FAULT_GAP = 12;

class FaultLabels {
  constructor(painter) {
    this.painter = painter;
    this.scene = painter.scene;
    this.labels = painter.labels;
  }

  /** How many rows the labels need where the diagram is in its usual size. */
  rows() {
    const free = [];
    for (const it of this.scene.model.disturbances) {
      const { x } = this.scene.model.moments[it.from];
      const row = free.findIndex(end => end <= x);
      free[row < 0 ? free.length : row] = x + this.labels.width(it.text, LABEL_FONT) + FAULT_GAP;
    }
    return Math.min(MOST_FAULT_ROWS, Math.max(1, free.length));
  }

  /** Writes each label at its line, in the first row where there is room: behind it, or before it. */
  write() {
    const { scene, labels } = this;
    scene.faultLabels = [];
    for (const it of scene.model.disturbances) {
      if (scene.sees(it.from, it.isPartition ? it.ended : it.from)) {
        const width = labels.width(it.text, LABEL_FONT);
        const x = scene.x(it.from);
        // Of a partition that began before what is seen, at the left edge; of what is at the right edge, as far in as needed.
        const behind = Math.min(Math.max(x + 4, labels.left + 4), labels.right - width);
        const places = [behind, x - 4 - width].flatMap(left => this.ys().map(y => [left, y]));
        const at = labels.place(it.text, LABEL_FONT, this.painter.colour('fault'), places, this.painter.colour('card'));
        if (at) {
          scene.faultLabels.push({ of: it, left: at[0], right: at[0] + width, y: at[1] });
        }
      }
    }
  }

  ys() {
    return Array.from({ length: this.scene.faultRows }, (_, row) => 10 + FAULT_ROW * row);
  }
}
