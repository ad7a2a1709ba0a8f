//! What pieces say as bytes: values one after the other, numbers as little-endian words, so that NaN and the last bit come back as they were.

/// What can be packed.
pub trait Packed: Sized {
    /// Adds it to some bytes.
    fn pack(&self, bytes: &mut Vec<u8>);

    /// Takes it from the start of some bytes; `None` where they hold no such value.
    fn unpack(bytes: &mut &[u8]) -> Option<Self>;
}

/// The bytes of a value.
pub fn packed(value: &impl Packed) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.pack(&mut bytes);
    bytes
}

/// The value of all of some bytes.
pub fn unpacked<T: Packed>(mut bytes: &[u8]) -> Option<T> {
    let value = T::unpack(&mut bytes)?;
    bytes.is_empty().then_some(value)
}

macro_rules! of_numbers {
    ($($type:ty),+) => {$(
        impl Packed for $type {
            fn pack(&self, bytes: &mut Vec<u8>) {
                bytes.extend_from_slice(&self.to_le_bytes());
            }

            fn unpack(bytes: &mut &[u8]) -> Option<$type> {
                let (word, rest) = bytes.split_first_chunk()?;
                *bytes = rest;
                Some(<$type>::from_le_bytes(*word))
            }
        }
    )+};
}

of_numbers!(u8, u16, u64, f64);

impl Packed for bool {
    fn pack(&self, bytes: &mut Vec<u8>) {
        u8::from(*self).pack(bytes);
    }

    fn unpack(bytes: &mut &[u8]) -> Option<bool> {
        match u8::unpack(bytes)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Packed for usize {
    fn pack(&self, bytes: &mut Vec<u8>) {
        (*self as u64).pack(bytes);
    }

    fn unpack(bytes: &mut &[u8]) -> Option<usize> {
        usize::try_from(u64::unpack(bytes)?).ok()
    }
}

impl<T: Packed> Packed for Option<T> {
    fn pack(&self, bytes: &mut Vec<u8>) {
        self.is_some().pack(bytes);
        self.iter().for_each(|value| value.pack(bytes));
    }

    fn unpack(bytes: &mut &[u8]) -> Option<Option<T>> {
        match bool::unpack(bytes)? {
            true => T::unpack(bytes).map(Some),
            false => Some(None),
        }
    }
}

impl<A: Packed, B: Packed> Packed for (A, B) {
    fn pack(&self, bytes: &mut Vec<u8>) {
        self.0.pack(bytes);
        self.1.pack(bytes);
    }

    fn unpack(bytes: &mut &[u8]) -> Option<(A, B)> {
        Some((A::unpack(bytes)?, B::unpack(bytes)?))
    }
}

impl<T: Packed> Packed for Vec<T> {
    fn pack(&self, bytes: &mut Vec<u8>) {
        self.len().pack(bytes);
        self.iter().for_each(|value| value.pack(bytes));
    }

    fn unpack(bytes: &mut &[u8]) -> Option<Vec<T>> {
        let length = usize::unpack(bytes)?;
        (0..length).map(|_| T::unpack(bytes)).collect()
    }
}

impl<T: Packed, const N: usize> Packed for [T; N] {
    fn pack(&self, bytes: &mut Vec<u8>) {
        self.iter().for_each(|value| value.pack(bytes));
    }

    fn unpack(bytes: &mut &[u8]) -> Option<[T; N]> {
        let values: Option<Vec<T>> = (0..N).map(|_| T::unpack(bytes)).collect();
        values?.try_into().ok()
    }
}

/// Packs a struct as its fields, or an enum without fields as its place among its cases.
macro_rules! packed_as {
    ($type:ty { $($field:ident),+ $(,)? }) => {
        impl $crate::study::packed::Packed for $type {
            fn pack(&self, bytes: &mut Vec<u8>) {
                let Self { $($field),+ } = self;
                $($crate::study::packed::Packed::pack($field, bytes);)+
            }

            fn unpack(bytes: &mut &[u8]) -> Option<Self> {
                $(let $field = $crate::study::packed::Packed::unpack(bytes)?;)+
                Some(Self { $($field),+ })
            }
        }
    };
    ($type:ty, one of $cases:expr) => {
        impl $crate::study::packed::Packed for $type {
            fn pack(&self, bytes: &mut Vec<u8>) {
                let cases = $cases;
                let place = cases.iter().position(|case| case == self);
                $crate::study::packed::Packed::pack(&place.expect("all are listed"), bytes);
            }

            fn unpack(bytes: &mut &[u8]) -> Option<Self> {
                let cases = $cases;
                cases.get(<usize as $crate::study::packed::Packed>::unpack(bytes)?).copied()
            }
        }
    };
}

pub(crate) use packed_as;
