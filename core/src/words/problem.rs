//! What went wrong, in words: what is so, and what the person can do. One table a language.

use crate::domain::Language;
use crate::problem::{Problem, Refusal, SheetLimit};
use crate::time::Timestamp;

/// Says what is so and what the person can do.
#[must_use]
pub fn problem(problem: &Problem, language: Language) -> String {
    match language {
        Language::Chinese => chinese(problem),
        Language::English => english(problem),
    }
}

/// Says why an entry was refused, to be put into a sentence.
#[must_use]
pub fn refusal(refusal: Refusal, language: Language) -> &'static str {
    let (chinese, english) = match refusal {
        Refusal::Malformed => ("内容格式不对", "it is malformed"),
        Refusal::TooLarge => ("超过大小上限", "it is too large"),
        Refusal::UnknownVersion => ("版本不认识", "its version is unknown"),
        Refusal::WrongSignature => ("签名不符", "its signature does not fit"),
        Refusal::NotAllowed => ("该设备无权写入", "its device may not write there"),
        Refusal::UnknownSpace => ("所属空间不存在", "its space is unknown"),
        Refusal::UnknownRosterHead => ("引用的名册版本不符", "the roster it cites does not fit"),
        Refusal::Gap => ("它前面的一份还没到", "the one before it is missing"),
        Refusal::Fork => ("同一位置已有另一份", "another one stands at its place"),
        Refusal::RosterMoved => ("名册已有新改动", "the roster has moved on"),
        Refusal::Statement => ("违反名册规则", "it breaks a rule of the roster"),
        Refusal::InvitationUsed => ("邀请已被使用", "its invitation was used already"),
        Refusal::InvitationExpired => ("邀请已过期", "its invitation has expired"),
        Refusal::WrongSeal => ("无法解封", "it does not open with its key"),
        Refusal::MalformedPayload => ("解封后的内容不对", "its content is not what it should be"),
        Refusal::ForeignActor => ("其中有冒用他人名义的改动", "it carries changes in another's name"),
        Refusal::Expelled => ("该设备已被办公室停用", "its device was blocked by the office"),
        Refusal::InvitationWithdrawn => ("邀请已被收回", "its invitation was taken back"),
    };
    match language {
        Language::Chinese => chinese,
        Language::English => english,
    }
}

fn chinese(problem: &Problem) -> String {
    let why = |refused: Refusal| refusal(refused, Language::Chinese);
    let words = match problem {
        Problem::WrongPassphrase => "口令不对。请再输入一次。",
        Problem::WeakPassphrase => "这个口令太容易被猜到。请换更长的，例如四个不相干的词。",
        Problem::Empty => "这里还空着。请填写后再继续。",
        Problem::TooLong { limit } => return format!("太长了，最多 {limit} 个字。请缩短，或分开来写。"),
        Problem::TooMany { limit } => return format!("太多了，最多 {limit} 个。请分几次做。"),
        Problem::KitNotProven => "输入的词与恢复词不符。请对照抄下的恢复词重新输入。",
        Problem::SetupInvalid => "建立链接已损坏，或属于另一个中继。请从中继的输出重新复制整条链接。",
        Problem::SetupUsed => "已有人用这条链接建立了办公室。请向综合组要一份邀请。",
        Problem::InvitationMistyped => "邀请码有误，校验不符。请逐组核对后再输入。",
        Problem::InvitationUnknown => "中继没有这份邀请，或内容被改动过。请核对，或请综合组重新邀请。",
        Problem::InvitationUsed => "这份邀请已有人使用。如果不是您本人，请立即告知综合组，并要一份新的。",
        Problem::InvitationExpired => "这份邀请已过期。请综合组重新邀请。",
        Problem::InvitationWithdrawn => "这份邀请已被收回。请向综合组要一份新的。",
        Problem::DeviceBlocked => {
            "这台设备已被办公室停用，中继不再收发它的内容。未送出的仍在本机，没有丢失；请联系综合组。"
        }
        Problem::LastCoordinator => {
            "这是综合组最后一台可用的设备，停用后就没有人能管理办公室了。请先让综合组的另一台设备加入。"
        }
        Problem::FileForeignKind => {
            "这不是本版本能读的未送内容文件。请核对所选的文件，或刷新以取得新版本后再试。"
        }
        Problem::FileDamaged => "这个文件不完整或被改动过，没有导入任何内容。请从原设备重新导出一份。",
        Problem::FileForeign => {
            "这个文件属于另一个办公室，或属于本机还不知道的小组，没有导入任何内容。请连上网络后再试。"
        }
        Problem::NeedsRelay => "这一步需要连上中继，现在没有连接。记录不受影响，有网络时再试。",
        Problem::RosterBusy => "名册正被别人改动，多次重试没有成功。请过一会儿再试。",
        Problem::NotAllowed => "您的角色不能做这件事。如有需要，请联系综合组。",
        Problem::NotHere => "本机还没有这份内容。请连上网络，等同步完成后再看。",
        Problem::DeviceFull { quota: 0 } => {
            "浏览器的存储空间已用完，刚才的内容没有存下。请在手机上腾出空间后重试。"
        }
        Problem::DeviceFull { quota } => {
            let quota = megabytes(*quota);
            return format!(
                "浏览器给的 {quota} MB 存储空间已用完，刚才的内容没有存下。请在手机上腾出空间后重试。"
            );
        }
        Problem::StorageFailed => {
            "浏览器没能存取数据，刚才的内容可能没有存下。请关闭页面重新打开，再核对一遍。"
        }
        Problem::NotPersistent => {
            "空间不足时，浏览器可能会清掉本机数据。请从浏览器菜单把本应用装到主屏幕或桌面。"
        }
        Problem::TakenOver => "已在另一个标签页打开，本页已停止。请到那一页继续，或在本页重新接管。",
        Problem::StoreTooNew => {
            "本机数据由更新的版本写成，本版本不能打开，数据没有改动。请刷新以取得新版本。"
        }
        Problem::StoreDamaged => "本机有一条数据打不开或读不出，其余不受影响。请联网重新取得，并告知综合组。",
        Problem::RelayFull => {
            "中继的磁盘已满，暂时不收新内容。您的记录都在本机，有空间后会自动送出；请告知管理中继的人。"
        }
        Problem::RelayFailing => "中继出了故障。您的记录都在本机，恢复后会自动送出；请告知管理中继的人。",
        Problem::RelayBusy => "中继现在很忙。会自动重试，不用做什么。",
        Problem::VersionUnknown { found } => {
            return format!("中继说的是另一版协议（{found}），没有收发任何内容。请刷新以取得新版本。");
        }
        Problem::WrongRelay => "连到的不是本办公室的中继，什么都没有送出。请检查网址，并告知综合组。",
        Problem::RelayDishonest => {
            "中继给出的回执或历史前后不一，已停止相信它。您的记录都在本机；请立即告知综合组。"
        }
        Problem::EntryRefused { why: refused } => {
            let why = why(*refused);
            return format!("中继拒收了本机的一份内容：{why}。它仍在本机，没有丢失；请联系综合组。");
        }
        Problem::EntryIgnored { why: refused } => {
            let why = why(*refused);
            return format!("收到的一份内容没有采用：{why}。已另外存放；如反复出现，请告知综合组。");
        }
        Problem::SheetEncrypted => "这个表格有密码保护，读不出。请去掉密码另存一份，再选一次。",
        Problem::SheetEmpty => "这个表格没有数据行。请检查是否选对了文件和工作表。",
        Problem::SheetUnreadable => "这个文件不是能读的表格。请用 XLSX 或 CSV 格式另存后再选。",
        Problem::SheetColumns { found } => {
            let found = listed(found, "、", "（没有）");
            return format!(
                "没有找到单位代码或名称的列。读到的表头是：{found}。请把列名改为“代码”和“名称”后再选。"
            );
        }
        Problem::SheetTooLarge { limit } => {
            let limit = match limit {
                SheetLimit::Bytes(bytes) => format!("{} MB", megabytes(*bytes)),
                SheetLimit::Rows(rows) => format!("{rows} 行"),
                SheetLimit::Cells(cells) => format!("{cells} 个单元格"),
            };
            return format!("这个表格太大，上限是 {limit}。请拆成几个文件，分别导入。");
        }
        Problem::EndsBeforeItBegins => "结束日期在开始日期之前。请改正日期。",
        Problem::BadQuestion { number } => {
            return format!(
                "第 {number} 题还不能这样问：选择题要有选项，条件只能指向前面的题和它的答案，同一题不能出现两次。请改正后再发布。"
            );
        }
        Problem::Unanswered { count } => {
            return format!("还有 {count} 道必答题没有回答。可以补答，也可以说明不完整、照样提交。");
        }
        Problem::ClockWrong { relay } => {
            let relay = utc(*relay);
            return format!(
                "本机的时钟与中继相差一小时以上。中继的时间是 {relay}（协调世界时）。请校准本机的时间。"
            );
        }
        Problem::NotNow => "它的状态已经变了，现在不能这样做。请看看它现在的状态。",
        Problem::CountDiffers { found } => {
            return format!("符合条件的现在是 {found} 个，与您看到的不同，什么都没有做。请核对后再做。");
        }
    };
    words.to_owned()
}

fn english(problem: &Problem) -> String {
    let why = |refused: Refusal| refusal(refused, Language::English);
    let words = match problem {
        Problem::WrongPassphrase => "The passphrase does not open this device. Type it again.",
        Problem::WeakPassphrase => {
            "This passphrase is too easy to guess. Use a longer one, such as four unrelated words."
        }
        Problem::Empty => "This is still empty. Fill it in to go on.",
        Problem::TooLong { limit } => {
            return format!("This is too long: at most {limit} characters. Shorten or divide it.");
        }
        Problem::TooMany { limit } => {
            return format!("These are too many: at most {limit}. Do it in several steps.");
        }
        Problem::KitNotProven => {
            "The words do not match the recovery kit. Compare with what you wrote down and type them again."
        }
        Problem::SetupInvalid => {
            "The set-up link is damaged, or meant for another relay. Copy the whole link from the relay's output."
        }
        Problem::SetupUsed => {
            "An office was founded with this link already. Ask a coordinator for an invitation."
        }
        Problem::InvitationMistyped => "The code is mistyped. Compare it group by group and type it again.",
        Problem::InvitationUnknown => {
            "The relay knows no such invitation, or it was altered. Check it, or ask for a new one."
        }
        Problem::InvitationUsed => {
            "Somebody joined with this invitation. If it was not you, tell a coordinator now and ask for a new one."
        }
        Problem::InvitationExpired => "This invitation has expired. Ask a coordinator for a new one.",
        Problem::InvitationWithdrawn => "This invitation was taken back. Ask a coordinator for a new one.",
        Problem::DeviceBlocked => {
            "This device was blocked by the office, and the relay takes nothing from it. What is unsent stays on \
             it; ask a coordinator."
        }
        Problem::LastCoordinator => {
            "This is the last device of a coordinator: without it nobody could run the office. Let another device \
             of a coordinator join first."
        }
        Problem::FileForeignKind => {
            "This is not a file of unsent work that this version can read. Check which file it is, or reload to \
             get the newer version."
        }
        Problem::FileDamaged => {
            "This file was cut short or altered, and nothing of it was taken. Export it again on the device it \
             came from."
        }
        Problem::FileForeign => {
            "This file belongs to another office, or to a team that this device has not heard of, and nothing of \
             it was taken. Connect, and try again."
        }
        Problem::NeedsRelay => {
            "This needs the relay, and there is no connection. Recording goes on; try again when there is a network."
        }
        Problem::RosterBusy => {
            "Others are changing the roster, and several attempts did not succeed. Try again in a moment."
        }
        Problem::NotAllowed => "Your roles do not allow this. Ask a coordinator if you need it.",
        Problem::NotHere => {
            "This is not on this device yet. Connect, and look again when everything has arrived."
        }
        Problem::DeviceFull { quota: 0 } => {
            "The browser's storage is used up, and the last change was not saved. Free some space, then try again."
        }
        Problem::DeviceFull { quota } => {
            let quota = megabytes(*quota);
            return format!(
                "The {quota} MB that the browser grants are used up, and the last change was not saved. \
                 Free some space, then try again."
            );
        }
        Problem::StorageFailed => {
            "The browser failed to store or read; the last change may not be saved. Close the page, open it again \
             and check."
        }
        Problem::NotPersistent => {
            "When space is short, the browser may delete what is on this device. Install the app from the \
             browser's menu."
        }
        Problem::TakenOver => {
            "This is open in another tab now, and stopped here. Go on there, or take over here."
        }
        Problem::StoreTooNew => {
            "A newer version wrote what is on this device; this version leaves it untouched. Reload to get the \
             newer version."
        }
        Problem::StoreDamaged => {
            "A record on this device cannot be opened; all others can. Connect to fetch it again, and tell a \
             coordinator."
        }
        Problem::RelayFull => {
            "The relay's disk is full and it takes nothing new. Your records are safe on this device and will be \
             sent when there is space; tell whoever runs the relay."
        }
        Problem::RelayFailing => {
            "The relay is out of order. Your records are safe on this device and will be sent when it works again; \
             tell whoever runs it."
        }
        Problem::RelayBusy => "The relay is busy. This device tries again by itself; there is nothing to do.",
        Problem::VersionUnknown { found } => {
            return format!(
                "The relay speaks another version of the protocol ({found}); nothing was exchanged. Reload to get \
                 the newer version."
            );
        }
        Problem::WrongRelay => {
            "This is not the office's relay, and nothing was sent. Check the address, and tell a coordinator."
        }
        Problem::RelayDishonest => {
            "The relay's receipts or history contradict one another, and it is no longer believed. Your records \
             are safe on this device; tell a coordinator now."
        }
        Problem::EntryRefused { why: refused } => {
            let why = why(*refused);
            return format!(
                "The relay refused something that this device sent: {why}. It is still on this device; ask a \
                 coordinator."
            );
        }
        Problem::EntryIgnored { why: refused } => {
            let why = why(*refused);
            return format!(
                "Something that arrived was not used: {why}. It is kept aside; tell a coordinator if this goes on."
            );
        }
        Problem::SheetEncrypted => {
            "The spreadsheet is protected by a password. Save a copy without it, and choose that."
        }
        Problem::SheetEmpty => "The spreadsheet has no rows. Check that this is the right file and sheet.",
        Problem::SheetUnreadable => {
            "This file is not a spreadsheet that can be read. Save it as XLSX or CSV."
        }
        Problem::SheetColumns { found } => {
            let found = listed(found, ", ", "(none)");
            return format!(
                "No column for codes or names was found among: {found}. Call the columns “code” and “name”, and \
                 choose the file again."
            );
        }
        Problem::SheetTooLarge { limit } => {
            let limit = match limit {
                SheetLimit::Bytes(bytes) => format!("{} MB", megabytes(*bytes)),
                SheetLimit::Rows(rows) => format!("{rows} rows"),
                SheetLimit::Cells(cells) => format!("{cells} cells"),
            };
            return format!(
                "The spreadsheet is too large: the limit is {limit}. Divide it and import the parts one by one."
            );
        }
        Problem::EndsBeforeItBegins => "It would end before it begins. Correct the dates.",
        Problem::BadQuestion { number } => {
            return format!(
                "Question {number} cannot be asked like this: a choice needs choices, a condition names an earlier \
                 question and one of its answers, and no question stands twice. Correct it and publish again."
            );
        }
        Problem::Unanswered { count } => {
            return format!(
                "Required questions without an answer: {count}. Answer them, or hand the visit in as incomplete."
            );
        }
        Problem::ClockWrong { relay } => {
            let relay = utc(*relay);
            return format!(
                "This device's clock differs from the relay's by more than an hour. The relay's time is {relay} \
                 (UTC). Set the clock right."
            );
        }
        Problem::NotNow => "Its state has changed, and this cannot be done now. Look at how it stands.",
        Problem::CountDiffers { found } => {
            return format!(
                "The filter now matches {found}, not as many as you saw, and nothing was done. Look again first."
            );
        }
    };
    words.to_owned()
}

fn megabytes(bytes: u64) -> u64 {
    bytes.div_ceil(1_000_000)
}

fn listed(found: &[String], between: &str, none: &str) -> String {
    const MOST: usize = 12;
    match found {
        [] => none.to_owned(),
        found => found.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(between),
    }
}

/// A moment in Coordinated Universal Time, to the minute: year, month, day by Howard Hinnant's `civil_from_days`.
fn utc(at: Timestamp) -> String {
    let minutes = at.0 / 60_000;
    let days = minutes / (24 * 60) + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year}-{month:02}-{day:02} {:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_said_in_universal_time() {
        assert_eq!(utc(Timestamp(0)), "1970-01-01 00:00");
        assert_eq!(utc(Timestamp(1_709_210_096_000)), "2024-02-29 12:34");
        assert_eq!(utc(Timestamp(1_795_359_600_000)), "2026-11-22 15:00");
    }

    #[test]
    fn a_refusal_is_said_within_its_sentence() {
        let refused = Problem::EntryRefused { why: Refusal::Gap };
        assert!(problem(&refused, Language::Chinese).contains("它前面的一份还没到"));
        assert!(problem(&refused, Language::English).contains("the one before it is missing"));
    }

    #[test]
    fn found_columns_are_listed_and_not_all_of_a_thousand() {
        let found = (0..1000).map(|n| format!("c{n}")).collect();
        let said = problem(&Problem::SheetColumns { found }, Language::English);
        assert!(said.contains("c11") && !said.contains("c12"));
    }
}
