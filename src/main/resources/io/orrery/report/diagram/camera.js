/* Which part of the diagram is seen: time is stretched and moved, the lanes stay where they are. */

const MOST_ZOOM = 6;

class Camera {
  constructor(model) {
    this.model = model;
    this.gutter = 0;
    this.width = 1;
    this.scale = 1;
    this.left = 0;
  }

  /** @param gutter the room at the left for the names of the lanes */
  resize(width, gutter) {
    const before = this.width;
    this.width = width;
    this.gutter = gutter;
    if (before === 1) {
      // A long run begins at its beginning, at a size that can be read.
      this.scale = Math.min(2, Math.max(this.fitting(), 0.75));
    }
    this.clamp();
  }

  fitting() {
    return (this.width - this.gutter) / this.model.size.width;
  }

  x(world) {
    return this.gutter + (world - this.left) * this.scale;
  }

  /** The part of the diagram that is seen, from and to. */
  get from() {
    return this.left;
  }

  get to() {
    return this.left + (this.width - this.gutter) / this.scale;
  }

  clamp() {
    this.scale = Math.min(MOST_ZOOM, Math.max(Math.min(this.fitting(), 1), this.scale));
    const most = this.model.size.width - (this.width - this.gutter) / this.scale;
    this.left = Math.max(0, Math.min(most, this.left));
  }

  /** Zooms so that what is at this place of the screen stays there. */
  zoom(factor, at) {
    const world = this.left + (at - this.gutter) / this.scale;
    this.scale *= factor;
    this.clamp();
    this.left = world - (at - this.gutter) / this.scale;
    this.clamp();
  }

  pan(pixels) {
    this.left -= pixels / this.scale;
    this.clamp();
  }

  fit() {
    this.scale = this.fitting();
    this.clamp();
  }

  /** Moves, if it must, so that this is seen. */
  show(world) {
    const seen = this.to - this.from;
    const margin = Math.min(60 / this.scale, seen / 4);
    if (world < this.from + margin) {
      this.left = world - margin;
    } else if (world > this.to - margin) {
      this.left = world + margin - seen;
    }
    this.clamp();
  }

  /** Moves, and zooms out, if it must, so that all from here to there is seen, and what is written at its end. */
  frame(from, to) {
    const room = this.width - this.gutter;
    const [before, after] = [Math.min(40, room / 8), Math.min(170, room / 4)];
    this.scale = Math.min(this.scale, (room - before - after) / Math.max(1, to - from));
    this.clamp();
    if (this.x(from) < this.gutter + before || this.x(to) > this.width - after) {
      const free = room - before - after - (to - from) * this.scale;
      this.left = from - (before + Math.max(0, free / 2)) / this.scale;
    }
    this.clamp();
  }
}
