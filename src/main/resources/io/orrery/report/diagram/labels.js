/* Labels that find a place of their own: none lies upon another. */

const LABEL_FONT = '11px system-ui, sans-serif';
const ENDING_FONT = 'bold 11px system-ui, sans-serif';
const CLOCK_FONT = '9.5px system-ui, sans-serif';
const HALF_LINE = 6.5;

/** How far a label hides what is around it. */
const HALO = 2;

class Labels {
  constructor(context) {
    this.context = context;
    this.widths = new Map();
  }

  /** Begins anew; from now on labels are between these edges. */
  clear(left, right) {
    this.left = left;
    this.right = right;
    this.boxes = [];
    this.shown = [];
    this.leftOut = 0;
  }

  width(text, font) {
    const key = font + text;
    let width = this.widths.get(key);
    if (width === undefined) {
      this.context.font = font;
      width = this.context.measureText(text).width;
      this.widths.set(key, width);
    }
    return width;
  }

  /** Takes a place, unless a part of it is taken. A place is left, top, right, bottom. */
  take(left, top, right, bottom) {
    const taken = this.boxes.some(it => left < it[2] && it[0] < right && top < it[3] && it[1] < bottom);
    if (!taken) {
      this.boxes.push([left, top, right, bottom]);
    }
    return !taken;
  }

  /** Keeps labels off a place. */
  block(left, top, right, bottom) {
    this.boxes.push([left, top, right, bottom]);
  }

  /** Draws a text at the first of the places that is free, and returns it; a place is the left end and the middle of the line. */
  place(text, font, colour, places, halo) {
    const width = this.width(text, font);
    for (const [x, y] of places) {
      if (x >= this.left && x + width <= this.right && this.take(x - HALO, y - HALF_LINE - HALO, x + width + HALO, y + HALF_LINE + HALO)) {
        this.draw(text, font, colour, x, y, halo);
        this.shown.push({ text, left: x, top: y - HALF_LINE, right: x + width, bottom: y + HALF_LINE });
        return [x, y];
      }
    }
    this.leftOut++;
    return null;
  }

  draw(text, font, colour, x, y, halo) {
    const context = this.context;
    context.font = font;
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    context.lineWidth = 6;
    context.strokeStyle = halo;
    context.strokeText(text, x, y);
    context.fillStyle = colour;
    context.fillText(text, x, y);
  }
}
