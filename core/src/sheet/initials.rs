//! Pinyin initials, so that phones find units without a table of readings.

use pinyin::ToPinyinMulti;

/// How many spellings of a name's initials are kept at most.
pub const MAX_SPELLINGS: usize = 4;

/// Characters common in names of units whose other readings do not occur in such names. Without this list every
/// district (区 qū, as a surname ōu) would be spelled twice.
const ONE_READING: &str = "区大族家市庄平石溪园古王青寨红台团塔技宁屯港术合达阿土格治前万种潭胜哈广洋池车夏厂桃甘方横温景吴百\
    甸草房朱果谷角省司干杜芦佛月桐游蔡陶有丁垦彦蒲齐事彭渠呼斗殖汪皇姚余许侗堆提怀育董贾其吾尚示信内包潘冯昆立强叶服浩部\
    于尾堤度虹巨限伯邑任宿沈儿柴艾圣奇淖皋邓霍幸局所站队处科组室中心法院公安税务学校医委员办国民政府水利交通工商文化人社";

/// The initials of a name in lower case: 锦江区 is `jjq`. Letters and digits stand for themselves, all else is left
/// out.
///
/// A character with several readings gives several spellings, the common readings first, as long as there are not
/// more than [`MAX_SPELLINGS`]; from then on only the most common reading counts. Nothing to spell gives none.
#[must_use]
pub fn initials(name: &str) -> Vec<String> {
    let mut spellings = vec![String::new()];
    for readings in name.chars().map(readings).filter(|readings| !readings.is_empty()) {
        let known = spellings.len();
        let count = if known * readings.len() <= MAX_SPELLINGS { readings.len() } else { 1 };
        for spelling in 1..count {
            spellings.extend_from_within(..known);
            spellings[spelling * known..].iter_mut().for_each(|it| it.push(readings[spelling]));
        }
        spellings[..known].iter_mut().for_each(|it| it.push(readings[0]));
    }
    spellings.retain(|spelling| !spelling.is_empty());
    spellings
}

/// The first letters of a character's readings, each once, the most common reading's first.
fn readings(c: char) -> Vec<char> {
    let letter = match c {
        // Full-width forms stand at a fixed distance from ASCII.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    if letter.is_ascii_alphanumeric() {
        return vec![letter.to_ascii_lowercase()];
    }
    let mut letters = Vec::new();
    let most = if ONE_READING.contains(c) { 1 } else { usize::MAX };
    for reading in c.to_pinyin_multi().into_iter().flatten().take(most) {
        if let Some(letter) = reading.plain().chars().next()
            && !letters.contains(&letter)
        {
            letters.push(letter);
        }
    }
    letters
}
