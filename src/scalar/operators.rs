//! The operators of a newtype over a rug number, written once for [`Mp`](super::Mp) and
//! [`Rational`](super::Rational).

/// `+ - * / %` and their assigning forms, with the right operand by value or by reference, and
/// negation. `RemAssign<&T>` is the type's own: floats and rationals compute it differently.
macro_rules! field_operators {
    ([$($generics:tt)*] $type:ty) => {
        crate::scalar::operators::field_operators!(@op [$($generics)*] $type, Add add AddAssign add_assign);
        crate::scalar::operators::field_operators!(@op [$($generics)*] $type, Sub sub SubAssign sub_assign);
        crate::scalar::operators::field_operators!(@op [$($generics)*] $type, Mul mul MulAssign mul_assign);
        crate::scalar::operators::field_operators!(@op [$($generics)*] $type, Div div DivAssign div_assign);

        crate::scalar::operators::field_operators!(@forms [$($generics)*] $type, Rem rem RemAssign rem_assign);

        impl<$($generics)*> std::ops::Neg for $type {
            type Output = Self;
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }
    };
    (@op [$($generics:tt)*] $type:ty, $op:ident $method:ident $assign:ident $assign_method:ident) => {
        impl<$($generics)*> std::ops::$assign<&$type> for $type {
            fn $assign_method(&mut self, rhs: &$type) {
                std::ops::$assign::$assign_method(&mut self.0, &rhs.0);
            }
        }
        crate::scalar::operators::field_operators!(@forms [$($generics)*] $type, $op $method $assign $assign_method);
    };
    (@forms [$($generics:tt)*] $type:ty, $op:ident $method:ident $assign:ident $assign_method:ident) => {
        impl<$($generics)*> std::ops::$assign for $type {
            fn $assign_method(&mut self, rhs: $type) {
                std::ops::$assign::$assign_method(self, &rhs);
            }
        }
        impl<$($generics)*> std::ops::$op for $type {
            type Output = Self;
            fn $method(mut self, rhs: $type) -> Self {
                std::ops::$assign::$assign_method(&mut self, &rhs);
                self
            }
        }
        impl<$($generics)*> std::ops::$op<&$type> for $type {
            type Output = Self;
            fn $method(mut self, rhs: &$type) -> Self {
                std::ops::$assign::$assign_method(&mut self, rhs);
                self
            }
        }
    };
}

pub(super) use field_operators;
