//! The Merkle tree of the rows: RFC 6962, section 2.1, and RFC 9162, section 2.1.
//!
//! Leaves and nodes are hashed with different prefixes, so that no node passes for a row.

use crate::document::Digest;

fn leaf(row: &Digest) -> Digest {
    Digest::of_parts(&[&[0], row.bytes()])
}

fn node(left: &Digest, right: &Digest) -> Digest {
    Digest::of_parts(&[&[1], left.bytes(), right.bytes()])
}

/// The levels of the tree, the leaves first. On each level the last node goes up alone when it has no
/// neighbour, which gives the tree of the RFC.
fn levels(rows: &[Digest]) -> Vec<Vec<Digest>> {
    let mut levels: Vec<Vec<Digest>> = vec![rows.iter().map(leaf).collect()];
    while let Some(last) = levels.last().filter(|level| level.len() > 1) {
        let above = last.chunks(2).filter_map(|pair| match pair {
            [left, right] => Some(node(left, right)),
            [alone] => Some(*alone),
            _ => None,
        });
        let above = above.collect();
        levels.push(above);
    }
    levels
}

/// The root of some rows' digests; of no row, the digest of nothing.
pub(super) fn root(rows: &[Digest]) -> Digest {
    let top = levels(rows).pop().and_then(|level| level.first().copied());
    top.unwrap_or_else(|| Digest::of_bytes(b""))
}

/// The hashes that lead from the row `index` to the root.
pub(super) fn path(rows: &[Digest], index: usize) -> Vec<Digest> {
    let mut path = Vec::new();
    let mut place = index;
    for level in levels(rows) {
        // The neighbour, unless the node goes up alone.
        path.extend(level.get(place ^ 1).copied());
        place /= 2;
    }
    path
}

/// The root to which `path` leads from the row `index` of `count`; `None` when it is too short or too
/// long, so that it leads nowhere.
pub(super) fn root_of(row: &Digest, index: u32, count: u32, path: &[Digest]) -> Option<Digest> {
    let mut first = index;
    let mut last = count.checked_sub(1).filter(|last| index <= *last)?;
    let mut root = leaf(row);
    for hash in path {
        if last == 0 {
            return None;
        }
        if first % 2 == 1 || first == last {
            root = node(hash, &root);
            while first.is_multiple_of(2) && first != 0 {
                first /= 2;
                last /= 2;
            }
        } else {
            root = node(&root, hash);
        }
        first /= 2;
        last /= 2;
    }
    (last == 0).then_some(root)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(count: u8) -> Vec<Digest> {
        (0..count).map(|row| Digest::of_bytes(&[b'a' + row])).collect()
    }

    /// By the RFC's own recursion.
    fn by_recursion(rows: &[Digest]) -> Digest {
        if let [one] = rows {
            return leaf(one);
        }
        let mut split = 1;
        while split * 2 < rows.len() {
            split *= 2;
        }
        node(&by_recursion(&rows[..split]), &by_recursion(&rows[split..]))
    }

    /// `spec/publication.md`, worked example.
    #[test]
    fn example_of_the_specification() {
        assert_eq!(root(&rows(3)).to_string(), "cac3d448d4e20a2ad5eae1f500e63c2a7f9217cd14572ba7fd22e26dc1ec2648");
    }

    #[test]
    fn every_row_of_every_tree_has_a_proof_and_no_other() {
        for count in 1..=17_u8 {
            let rows = rows(count);
            let whole = root(&rows);
            assert_eq!(whole, by_recursion(&rows));
            for (index, row) in rows.iter().enumerate() {
                let path = path(&rows, index);
                let index = u32::try_from(index).unwrap();
                let leads = |index, path: &[Digest]| root_of(row, index, count.into(), path);
                assert_eq!(leads(index, &path), Some(whole));
                assert_ne!(leads(index + 1, &path), Some(whole));
                if let Some((_, shorter)) = path.split_last() {
                    assert_ne!(leads(index, shorter), Some(whole));
                }
                let longer = [path.as_slice(), &[whole]].concat();
                assert_ne!(leads(index, &longer), Some(whole));
                assert_ne!(root_of(&whole, index, count.into(), &path), Some(whole));
            }
        }
        assert_eq!(root_of(&rows(1)[0], 0, 0, &[]), None);
    }
}
