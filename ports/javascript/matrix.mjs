// Dense matrices by rows. Entries live in a Float64Array or a Float32Array, which rounds what is stored; sums run in doubles.

export class Matrix {
  constructor(rows, cols, data) {
    Object.assign(this, { rows, cols, data });
  }

  static zeros(rows, cols, Store) {
    return new Matrix(rows, cols, new Store(rows * cols));
  }

  static from(rows, cols, Store, entry) {
    const result = Matrix.zeros(rows, cols, Store);
    for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) result.data[i * cols + j] = entry(i, j);
    return result;
  }

  get Store() { return this.data.constructor; }
  at(i, j) { return this.data[i * this.cols + j]; }
  row(i) { return this.data.subarray(i * this.cols, (i + 1) * this.cols); }
  column(j) { return this.Store.from({ length: this.rows }, (_, i) => this.at(i, j)); }
  transposed() { return Matrix.from(this.cols, this.rows, this.Store, (i, j) => this.at(j, i)); }
  // The same entries in doubles, for factorisations.
  wide() { return new Matrix(this.rows, this.cols, Float64Array.from(this.data)); }
  norm() { return norm(this.data); }
  map(f) { return new Matrix(this.rows, this.cols, this.data.map(f)); }
  // a A + b B
  plus(other, a, b) { return this.map((entry, k) => a * entry + b * other.data[k]); }
}

export function dot(x, y) {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}

// With the largest entry taken out first, no square overflows.
export function norm(x) {
  let most = 0;
  for (const entry of x) most = Math.max(most, Math.abs(entry));
  if (most === 0 || !Number.isFinite(most)) return most;
  let sum = 0;
  for (const entry of x) sum += (entry / most) ** 2;
  return most * Math.sqrt(sum);
}

export function product(a, b) {
  return Matrix.from(a.rows, b.cols, a.Store, (i, j) => {
    let sum = 0;
    for (let k = 0; k < a.cols; k++) sum += a.at(i, k) * b.at(k, j);
    return sum;
  });
}

export function apply(a, x) {
  return a.Store.from({ length: a.rows }, (_, i) => dot(a.row(i), x));
}

// Orthonormal columns, as many as the space has: what is given first, then whatever unit vectors add.
function completed(columns, size) {
  const basis = [...columns];
  for (let e = 0; basis.length < size; e++) {
    const vector = Float64Array.from({ length: size }, (_, i) => (i === e ? 1 : 0));
    // Twice: one pass leaves an error of 1/‖rest‖.
    for (let pass = 0; pass < 2; pass++)
      for (const known of basis) {
        const along = dot(known, vector);
        for (let i = 0; i < size; i++) vector[i] -= along * known[i];
      }
    const rest = norm(vector);
    if (rest > 1 / (2 * size)) basis.push(vector.map((entry) => entry / rest));
  }
  return basis;
}

// A = U diag(σ) Vᵀ with square U and V: one-sided Jacobi, which is right for small σ where the eigenvalues of AᵀA are not.
export function svd(a) {
  if (a.rows < a.cols) {
    const { u, sigma, v } = svd(a.transposed());
    return { u: v, sigma, v: u };
  }
  const wide = a.wide();
  const columns = Array.from({ length: a.cols }, (_, j) => wide.column(j));
  const turns = Array.from({ length: a.cols }, (_, j) => Float64Array.from({ length: a.cols }, (_, i) => (i === j ? 1 : 0)));
  const most = wide.data.reduce((so, x) => Math.max(so, Math.abs(x)), 0) || 1;
  for (const column of columns) for (let i = 0; i < column.length; i++) column[i] /= most;
  for (let turned = true, sweep = 0; turned && sweep < 60; sweep++) {
    turned = false;
    for (let p = 0; p < a.cols; p++)
      for (let q = p + 1; q < a.cols; q++) turned = rotated(columns, turns, p, q) || turned;
  }
  const order = columns.map((column, j) => [norm(column), j]).sort(([s], [t]) => t - s);
  const left = order.filter(([s]) => s > 0).map(([s, j]) => columns[j].map((x) => x / s));
  const inColumns = (basis, size) => Matrix.from(size, size, a.Store, (i, j) => basis[j][i]);
  return {
    u: inColumns(completed(left, a.rows), a.rows),
    sigma: a.Store.from(order.map(([s]) => s * most)),
    v: inColumns(order.map(([, j]) => turns[j]), a.cols),
  };
}

// Makes columns p and q orthogonal; says whether they were not.
function rotated(columns, turns, p, q) {
  const [x, y] = [columns[p], columns[q]];
  const [xx, yy, xy] = [dot(x, x), dot(y, y), dot(x, y)];
  if (Math.abs(xy) <= Number.EPSILON * Math.sqrt(xx) * Math.sqrt(yy)) return false;
  const zeta = (yy - xx) / (2 * xy);
  const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
  const c = 1 / Math.hypot(1, t);
  for (const [u, w] of [[x, y], [turns[p], turns[q]]])
    for (let i = 0; i < u.length; i++) [u[i], w[i]] = [c * (u[i] - t * w[i]), c * (t * u[i] + w[i])];
  return true;
}

// A = Q T by Householder reflections, T upper trapezoidal with exact zeros below its diagonal.
export function qr(a) {
  const t = a.wide();
  const q = Matrix.from(a.rows, a.rows, Float64Array, (i, j) => (i === j ? 1 : 0));
  for (let k = 0; k < Math.min(a.rows - 1, a.cols); k++) {
    const v = Float64Array.from({ length: a.rows }, (_, i) => (i < k ? 0 : t.at(i, k)));
    const size = norm(v);
    if (size === 0) continue;
    v[k] += v[k] < 0 ? -size : size;
    const length = norm(v);
    for (let i = k; i < a.rows; i++) v[i] /= length;
    for (const target of [t, q])
      for (let j = 0; j < target.cols; j++) {
        let along = 0;
        for (let i = k; i < a.rows; i++) along += v[i] * target.at(i, j);
        for (let i = k; i < a.rows; i++) target.data[i * target.cols + j] -= 2 * along * v[i];
      }
  }
  // The reflections were applied to I from the left: what stands in q is Qᵀ.
  return {
    turned: Matrix.from(a.rows, a.rows, a.Store, (i, j) => q.at(i, j)),
    t: Matrix.from(a.rows, a.cols, a.Store, (i, j) => (i > j ? 0 : t.at(i, j))),
  };
}
