//! A1 and A3: the activation and its derivative.

use super::*;

#[test]
fn a1_is_the_activation() {
    cases(|[_, n, ..], gain, rng| {
        let (z, r, o) = (vector(n, rng), cayley(n, rng), entry(rng).abs());
        let apply = |z: &M| {
            let mut h: Vec<Rational> = z.iter().cloned().collect();
            Rational::activate(&gain, &o, &mut h).expect("a rational gain");
            column(&h)
        };
        let z = column(z.as_slice());
        let mut tied = Tied::new(
            "A1",
            "equivariance",
            &gain,
            &[("n", n)],
            &[("z", z.clone()), ("R", r.clone()), ("o", scalar(&o))],
        );
        tied.claim(&apply(&product(&r, &z)), &product(&r, &apply(&z)));
    });
}

#[test]
fn a3_is_the_derivative() {
    // d = 2 g′ has the code's own value at the one r that occurs.
    cases(|[_, n, ..], gain, rng| {
        let (z, r, o) = (
            column(vector(n, rng).as_slice()),
            cayley(n, rng),
            entry(rng).abs(),
        );
        let at = |z: &M| Rational::derivative(&gain, &o, z.as_slice()).expect("a rational gain");
        let squared = product(&z.transpose(), &z)[(0, 0)].clone() + &o;
        let two = Rational::from(2) * gain.rational_derivative(&squared).expect("rational");
        let d = [("d", squared.clone(), two.clone())];
        let values = [("z", z.clone()), ("R", r.clone()), ("o", scalar(&o))];
        let mut tied = Tied::at("A3", "covariance", &gain, &[("n", n)], &values, &d);
        tied.claim(
            &at(&product(&r, &z)).matrix(),
            &product_nt(&product(&r, &at(&z).matrix()), &r),
        );
        // Along z, and across it.
        let mut tied = Tied::at(
            "A3",
            "radial-eigenvalue",
            &gain,
            &[("n", n)],
            &[("z", z.clone()), ("o", scalar(&o))],
            &d,
        );
        let radial = at(&z).gamma + two * product(&z.transpose(), &z)[(0, 0)].clone();
        let scaled = z.map(|e| e * &radial);
        tied.claim(&column(&at(&z).times(z.as_slice())), &scaled);
        let e = column(vector(n, rng).as_slice());
        let along = product(&z.transpose(), &e)[(0, 0)].clone();
        let across = e.map(|x| x * &product(&z.transpose(), &z)[(0, 0)]) - z.map(|x| x * &along);
        let values = [("z", z.clone()), ("o", scalar(&o)), ("v", across.clone())];
        let mut tied = Tied::at(
            "A3",
            "tangential-eigenvalue",
            &gain,
            &[("n", n)],
            &values,
            &d,
        );
        let gamma = at(&z).gamma;
        tied.claim(
            &column(&at(&z).times(across.as_slice())),
            &across.map(|e| e * &gamma),
        );
    });
}
