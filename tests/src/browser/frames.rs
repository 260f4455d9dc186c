//! The payloads of WebSocket frames in a recorded stream of bytes (RFC 6455, without extensions).

/// The payloads of all frames after an upgrade. A stream without an upgrade has none.
#[must_use]
pub fn payloads(stream: &[u8]) -> Vec<Vec<u8>> {
    let mut payloads = Vec::new();
    let Some(mut rest) = after_upgrade(stream) else { return payloads };
    while let Some((payload, after)) = frame(rest) {
        payloads.push(payload);
        rest = after;
    }
    payloads
}

fn after_upgrade(stream: &[u8]) -> Option<&[u8]> {
    let end = stream.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let (head, rest) = stream.split_at(end);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    head.contains("upgrade: websocket").then_some(rest)
}

fn frame(bytes: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let ([_, second], rest) = bytes.split_first_chunk()?;
    let (length, rest) = match second & 0x7f {
        126 => {
            rest.split_first_chunk().map(|(length, rest)| (u64::from(u16::from_be_bytes(*length)), rest))?
        }
        127 => rest.split_first_chunk().map(|(length, rest)| (u64::from_be_bytes(*length), rest))?,
        short => (u64::from(short), rest),
    };
    let (mask, rest) = match second & 0x80 {
        0 => ([0; 4], rest),
        _ => rest.split_first_chunk().map(|(mask, rest)| (*mask, rest))?,
    };
    let (payload, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    Some((payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect(), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masked_and_plain_frames_of_both_lengths_are_read() {
        let mut stream = b"GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n".to_vec();
        stream.extend([0x82, 0x82, 1, 2, 3, 4, b'a' ^ 1, b'b' ^ 2]);
        stream.extend([0x82, 126, 0, 200]);
        stream.extend([7; 200]);
        stream.extend([0x82, 5, 1]); // cut off
        assert_eq!(payloads(&stream), [b"ab".to_vec(), vec![7; 200]]);
    }

    #[test]
    fn what_is_no_socket_has_no_frames() {
        assert!(payloads(b"GET / HTTP/1.1\r\n\r\n\x82\x01a").is_empty());
    }
}
