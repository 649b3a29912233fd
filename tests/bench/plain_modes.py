#!/usr/bin/env python3
"""What one would write in place of a mode: the shortest honest program in numpy, a function each, doing the
work of the line of that mode in scripts/growth at size N (networks of its own). scripts/growth times them.

    plain_modes.py NAME N
"""
import math
import sys

import numpy as np

rng = np.random.default_rng(1)


def draw(n):
    J = rng.normal(0, 1 / math.sqrt(n), (n, n))
    np.fill_diagonal(J, 0)
    return J


def Phi(x):
    return np.vectorize(lambda y: 0.5 * math.erfc(-y / math.sqrt(2)))(x)


def phi(x):
    return np.exp(-0.5 * np.square(x)) / math.sqrt(2 * math.pi)


def fixed_points(J, jd):
    """All of them, by trying: blocks of configurations whose last neuron is up, then their mirror images."""
    n, found = len(J), []
    J = J.T.astype(np.float32)
    bits = min(n - 1, 14)
    low = ((np.arange(2**bits)[:, None] >> np.arange(bits)) & 1) * 2 - 1
    s = np.ones((2**bits, n), np.float32)
    s[:, :bits] = low
    for high in range(2**(n - 1 - bits)):
        s[:, bits:n - 1] = ((high >> np.arange(n - 1 - bits)) & 1) * 2 - 1
        stable = (s * (s @ J) + np.float32(jd) >= 0).all(axis=1)
        found.append(s[stable].astype(np.int8))
    found = np.concatenate(found)
    return np.concatenate([found, -found])


def distances(a, b):
    return (a.shape[1] - a.astype(np.float32) @ b.T.astype(np.float32)) // 2


def enumerate_graycode(n):
    return [len(fixed_points(draw(n), 0.3)) for _ in range(2)]


def overlap_histogram(n):
    total = np.zeros(n + 1)
    for _ in range(3):
        s = fixed_points(draw(n), 0.1)
        total += np.bincount(distances(s, s).astype(int).ravel(), minlength=n + 1)
    return total / 3


def clusters_of(s, radius):
    label, count = np.full(len(s), -1), 0
    for i in range(len(s)):
        if label[i] < 0:
            label[i], todo = count, [i]
            while todo:
                new = np.flatnonzero((distances(s[[todo.pop()]], s)[0] <= radius) & (label < 0))
                label[new] = count
                todo += list(new)
            count += 1
    return np.bincount(label, minlength=1)


def overlap_clusters(n):
    return [clusters_of(fixed_points(draw(n), 0.3), 2).max(initial=0) for _ in range(3)]


def overlap_sizes(n):
    return [np.bincount(clusters_of(fixed_points(draw(n), 0.3), 2)) for _ in range(3)]


def overlap_map(n):
    s = fixed_points(draw(n), 0.3)
    _, _, axes = np.linalg.svd(s - s.mean(axis=0), full_matrices=False)
    return s @ axes[:2].T, clusters_of(s, 2)


def overlap_gap(n):
    """Pairs at an overlap near q."""
    s = fixed_points(draw(n), 0.3)
    q = 1 - 2 * distances(s, s) / n
    return [np.sum(np.abs(q - x) <= 0.1) for x in (0.6, 0.8)]


def relax(J, jd, s, sweeps, each=None):
    """Asynchronous dynamics from s, in place; True at a fixed point."""
    f = J @ s
    for _ in range(sweeps):
        flips = 0
        for i in rng.permutation(len(s)):
            if s[i] * f[i] + jd < 0:
                s[i] = -s[i]
                f += 2 * s[i] * J[:, i]
                flips += 1
        if each:
            each.append(np.mean(s * f + jd < 0))
        if flips == 0:
            return True
    return False


def access_run(n):
    return [relax(draw(n), 0.3, rng.choice([-1.0, 1.0], n), 50) for _ in range(4)]


def access_trace(n):
    course = [0.0]
    relax(draw(n), 0.3, rng.choice([-1.0, 1.0], n), 50, course)
    return course


def access_basins(n):
    J, ends = draw(n), {}
    for _ in range(1000):
        s = rng.choice([-1.0, 1.0], n)
        if relax(J, 0.5, s, 10000):
            ends[s.tobytes()] = ends.get(s.tobytes(), 0) + 1
    return ends


def access_return(n):
    """20 damaged copies of each of the fixed points of two networks."""
    back = []
    for _ in range(2):
        J = draw(n)
        for point in fixed_points(J, 0.3).astype(float):
            for _ in range(20):
                s = point.copy()
                s[rng.integers(n)] *= -1
                back.append(relax(J, 0.3, s, 10000) and np.array_equal(s, point))
    return np.mean(back)


def access_near(n):
    """Fixed points within two flips of each fixed point of two networks."""
    numbers = []
    pairs = [()] + [(i,) for i in range(n)] + [(i, j) for i in range(n) for j in range(i)]
    flip = np.ones((len(pairs), n), np.float32)
    for k, which in enumerate(pairs):
        flip[k, list(which)] = -1
    for _ in range(2):
        J = draw(n).astype(np.float32)
        for point in fixed_points(J, 0.3):
            s = point * flip
            numbers.append((s * (s @ J.T) + 0.3 >= 0).all(axis=1).sum())
    return numbers


def entropy_count(n):
    return (2 * Phi(0.3 / math.sqrt((n - 1) / n))) ** min(n, 1000)


def pairs_stable(k, r):
    """Two standard normals of correlation r are both above -k (Plackett)."""
    node, weight = np.polynomial.legendre.leggauss(40)
    theta = 0.5 * math.asin(r) * (node + 1)
    return Phi(k) ** 2 + 0.5 * math.asin(r) * np.sum(weight * np.exp(-k * k / (1 + np.sin(theta)))) / (2 * math.pi)


def entropy_pairs(n):
    k, out = 0.5 / math.sqrt((n - 1) / n), []
    for d in range(n + 1):
        x = n * math.log(2) + math.lgamma(n + 1) - math.lgamma(d + 1) - math.lgamma(n - d + 1)
        x += (n - d) * math.log(pairs_stable(k, (n - 1 - 2 * d) / (n - 1))) if d < n else 0
        x += d * math.log(pairs_stable(k, -(n + 1 - 2 * d) / (n - 1))) if d else 0
        out.append(x)
    return out


def entropy_potential(points):
    """Entropy of pairs less that of one, n -> infinity."""
    out = []
    for d in np.linspace(1e-3, 0.5, points):
        h, q = -d * math.log(d) - (1 - d) * math.log(1 - d), 1 - 2 * d
        out.append(h + (1 - d) * math.log(pairs_stable(0.3, q)) + d * math.log(pairs_stable(0.3, -q)) -
                   math.log(Phi(0.3)))
    return out


def entropy_chain(n):
    T = np.array([[Phi(0.3 + 0.8), Phi(0.3)], [Phi(0.3), Phi(0.3 - 0.8)]], float)
    return n * np.log(np.linalg.eigvalsh(T).max())


def dmft_trace(steps):
    """Synchronous dynamics of one neuron with the correlations of its own past: 8 times 8192 walks."""
    u = np.zeros((8, steps))
    for r in range(8):
        K, s = 8192, rng.choice([-1.0, 1.0], 8192)
        S, Z, L = np.zeros((steps, K)), np.zeros((steps, K)), np.zeros((steps, steps))
        for t in range(steps):
            S[t] = s
            c = S[:t + 1] @ s / K
            if t:
                L[t, :t] = np.linalg.solve(L[:t, :t], c[:t])
            L[t, t] = math.sqrt(max(c[t] - L[t, :t] @ L[t, :t], 1e-9))
            Z[t] = rng.normal(size=K)
            unstable = s * (L[t, :t + 1] @ Z[:t + 1] + 0.5 * s) < 0
            u[r, t] = unstable.mean()
            s = np.where(unstable, -s, s)
    return u.mean(axis=0)


def message_solve(n):
    """Reinforced message passing on two networks at J_D = 0.2."""
    x = np.linspace(-35, 35, 14001)
    log_Phi, ratio = np.log(Phi(x)), phi(x) / Phi(x)
    solved = []
    for _ in range(2):
        J = draw(n)
        J2, m, c, rho = J * J, 0.02 * rng.uniform(-1, 1, n), np.zeros(n), 0.1
        H = np.arctanh(m)
        h, done = H.copy(), False
        while rho < 0.6 and not done:
            omega, V = J @ m - c, np.maximum(J2 @ (1 - m * m), 3e-3)
            root = np.sqrt(V)
            a, b = (0.2 + omega) / root, (0.2 - omega) / root
            u = 0.5 * (np.interp(a, x, log_Phi) - np.interp(b, x, log_Phi))
            ra, rb = np.interp(a, x, ratio), np.interp(b, x, ratio)
            p = 1 / (1 + np.exp(-2 * (H + u)))
            g = (p * ra - (1 - p) * rb) / root
            slope = -(p * a * ra + (1 - p) * b * rb) / V - g * g
            H = np.clip(J.T @ g - m * (J2.T @ slope) + rho * h, -40, 40)
            h = np.clip(H + u, -40, 40)
            m = np.tanh(h)
            c = np.maximum(J2 @ (1 - m * m), 3e-3) * g
            s = np.where(h >= 0, 1.0, -1.0)
            rho += 1e-3
            done = bool(np.all(s * (J @ s) + 0.2 >= 0))
        solved.append(done)
    return solved


def prototypes(count, D, C, flip):
    y = rng.integers(0, C, count)
    centres = rng.choice([-1.0, 1.0], (C, D))
    return centres[y] * np.where(rng.random((count, D)) < flip, -1, 1), y


def steer(h, J, external, sweeps):
    for _ in range(sweeps):
        h = np.sign(h @ J.T + 0.5 * h + external)
    return h


def train(H, epochs=2):
    """The rule on 1000 prototypes of 100 bits; their labels withdrawn."""
    (X, Y), D, C = prototypes(2000, 100, 10, 0.25), 100, 10
    J, W = draw(H), 5 * rng.normal(size=(H, D)) / math.sqrt(D)
    back, out = 0.9 * rng.normal(size=(H, C)) / math.sqrt(C), rng.normal(size=(C, H)) / math.sqrt(H)
    label = np.where(np.eye(C) > 0, math.sqrt(C) / 2, -0.5)
    target = np.where(np.eye(C) > 0, C / 4, -math.sqrt(C) / 4)
    for _ in range(epochs):
        for at in range(0, 1000, 16):
            x, y = X[at:at + 16], Y[at:at + 16]
            external, scale = x @ W.T, 1 / math.sqrt(len(x))
            h = steer(np.zeros((len(x), H)), J, external, 2)
            h = steer(h, J, external + label[y] @ back.T, 3)
            h = steer(h, J, external, 5)
            weak = (h * (h @ J.T + external) <= 0.9) * h
            change = weak.T @ h
            np.fill_diagonal(change, 0)
            J += scale * 0.005 / math.sqrt(H) * change
            W += scale * 0.03 * 5 / math.sqrt(D) * weak.T @ x
            a = target[y]
            out += scale * 0.1 / math.sqrt(H) * ((a * (h @ out.T) <= 3) * a).T @ h
    h = steer(np.zeros((1000, H)), J, X[1000:] @ W.T, 5)
    return np.mean(np.argmax(h @ out.T, axis=1) == Y[1000:])


def train_sweep(H):
    return [train(H) for _ in range(4)]


def train_baseline(H):
    """Softmax on 1000 prototypes, ten epochs, then ridge regression on H random features."""
    X, Y = prototypes(2000, 100, 10, 0.25)
    W, one = np.zeros((100, 10)), np.eye(10)
    for _ in range(10):
        for at in range(0, 1000, 50):
            z = X[at:at + 50] @ W
            p = np.exp(z - z.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            W += 0.02 * X[at:at + 50].T @ (one[Y[at:at + 50]] - p) / 50
    F = np.sign(X @ rng.normal(size=(100, H)))
    R = np.linalg.solve(F[:1000].T @ F[:1000] + np.eye(H), F[:1000].T @ one[Y[:1000]])
    return [np.mean(np.argmax(f[1000:] @ w, axis=1) == Y[1000:]) for f, w in ((X, W), (F, R))]


def phase_gaps(digits):
    """Where pairs begin to exist at every distance: bisection, the lowest of 200 distances."""
    def lowest(jd):
        return min(math.log(2) - d * math.log(d) - (1 - d) * math.log(1 - d) +
                   (1 - d) * math.log(pairs_stable(jd, 1 - 2 * d)) + d * math.log(pairs_stable(jd, 2 * d - 1))
                   for d in np.geomspace(1e-3, 0.2, 200))
    low, high = 0.03, 0.06
    for _ in range(digits):
        jd = (low + high) / 2
        low, high = (jd, high) if lowest(jd) < 0 else (low, jd)
    return low, high


if __name__ == "__main__":
    programs = {k: v for k, v in globals().items() if callable(v) and getattr(v, "__module__", "") == "__main__"}
    if len(sys.argv) != 3 or sys.argv[1] not in programs:
        sys.exit(__doc__)
    programs[sys.argv[1]](int(sys.argv[2]))
