//! Words for coming in: founding, joining, unlocking, taking over.

use super::{Text, text};
use mingcha_core::domain::Language;

pub const OPENING: Text = text("正在打开…", "Opening…");
pub const FETCHING_DESK: Text = text("正在打开工作台…", "Opening the desk…");
pub const NO_DESK: Text = text("工作台打不开", "The desk cannot be opened");
pub const DESK_NOT_HERE: Text = text(
    "工作台还没有下载到这台设备，现在也连不上网络。连上网络后再试；其他内容照常可用。",
    "The desk has not been downloaded to this device yet, and there is no network now. Try again with a network; everything else works as usual.",
);
pub const RETRY: Text = text("再试一次", "Try again");
pub const WELCOME: Text =
    text("这台设备还没有加入任何办公室", "This device does not belong to an office yet");
pub const WELCOME_WAYS: Text = text(
    "请输入邀请码，或用手机相机扫邀请的二维码。要建立新的办公室，请打开中继第一次启动时打印的链接。",
    "If you were invited, type the invitation code here, or scan its QR code. To set up an office, open the link that the relay printed at its first start.",
);

pub const FOUND: Text = text("建立办公室", "Set up an office");
pub const FOUND_STEP_1: Text = text("第 1 步，共 2 步 · 名称与口令", "Step 1 of 2 · names and passphrase");
pub const FOUND_STEP_2: Text = text("第 2 步，共 2 步 · 恢复密语", "Step 2 of 2 · recovery kit");
pub const OFFICE_NAME: Text = text("办公室名称", "Name of the office");
pub const YOUR_NAME: Text = text("您的姓名", "Your name");
pub const PASSPHRASE: Text = text("口令", "Passphrase");
pub const PASSPHRASE_AGAIN: Text = text("再输一次口令", "Passphrase again");
pub const PASSPHRASE_HELP: Text = text(
    "这台设备上的内容只有用口令才能打开。设备数据若被拷走，口令的强度就是唯一的保护：用四个以上不相干的词（可用拼音）。",
    "Only the passphrase opens what is on this device. If the device is copied, its strength is all that protects: use four or more unrelated words.",
);
pub const STRENGTH_SHORT: Text = text("太短：至少 8 个字符", "Too short: at least 8 characters");
pub const STRENGTH_WEAK: Text = text("弱：很快会被猜中", "Weak: soon guessed");
pub const STRENGTH_FAIR: Text = text("尚可：再加一两个词更好", "Fair: one or two more words would be better");
pub const STRENGTH_GOOD: Text = text("强", "Strong");
pub const SHOW: Text = text("显示", "Show");
pub const COVER_UP: Text = text("遮住", "Cover up");
pub const DIFFERENT: Text = text("两次输入不一样", "The two are not the same");
pub const NEXT: Text = text("下一步", "Next");
pub const BACK: Text = text("上一步", "Back");

pub const KIT: Text = text("恢复密语", "Recovery kit");
pub const KIT_HELP: Text = text(
    "口令忘了，或最后一台设备丢了，只有这些字能找回办公室。打印或抄写下来，锁在柜子里。建立完成后不再显示。",
    "If the passphrase is forgotten or the last device lost, only these words bring the office back. Print or write them down and lock them away. They are not shown once the office is set up.",
);
pub const KIT_MAKING: Text = text("正在生成恢复密语…", "Making the recovery kit…");
pub const KIT_QR: Text = text("恢复密语的二维码", "QR code of the recovery kit");
pub const KIT_WORDS: Text = text("按顺序", "In this order");
pub const PRINT: Text = text("打印", "Print");
pub const KIT_WRITTEN: Text = text("已经抄好", "I have written them down");
pub const KIT_PROVE: Text = text("请照抄写的纸输入两处", "Type two of them from your paper");
pub const KIT_AGAIN: Text = text("再看一遍", "Show them again");
pub const FOUNDING: Text = text("正在建立…", "Founding…");

pub const INVITATION: Text = text("邀请码", "Invitation code");
pub const INVITATION_HELP: Text =
    text("照原样输入，不分大小写，横线可省", "As you were given it; dashes and capitals do not matter");
pub const LOOK_UP: Text = text("查看邀请", "View invitation");
pub const LOOKING_UP: Text = text("正在查看…", "Opening the invitation…");
pub const INVITED: Text = text("邀请", "Invitation");
pub const OFFICE: Text = text("办公室", "Office");
pub const TEAM: Text = text("小组", "Team");
pub const NAME: Text = text("姓名", "Name");
pub const EXPIRES: Text = text("有效至", "Valid until");
pub const JOIN: Text = text("加入", "Join");
pub const JOINING: Text = text("正在加入…", "Joining…");
pub const OTHER_CODE: Text = text("用另一个邀请码", "Use another code");

pub const LOCKED: Text = text("已锁定", "Locked");
pub const UNLOCK: Text = text("解锁", "Unlock");
pub const UNLOCKING: Text = text("正在核对…", "Checking…");
pub const SENDS_ON: Text = text("锁定时照常发送。", "Sending goes on while locked.");
pub const UNPACKED: Text = text(
    "最后保存的内容还没送出，解锁后发送。",
    "What was saved last has not been sent yet: it is sent once you unlock.",
);
pub const UNSENT: Text = text(
    "有内容只在这台设备上，有网络就会送出。",
    "Some work is on this device only; it is sent when there is a network.",
);
pub const NOTHING_UNSENT: Text =
    text("这台设备上的内容都已送达。", "Everything on this device has been sent.");

pub const ELSEWHERE: Text = text("已在另一个窗口打开", "Already open in another window");
pub const ELSEWHERE_HELP: Text = text(
    "同一台设备上一次只用一个窗口。那边已保存的内容都在。",
    "One window at a time is used on a device. What was saved there is kept.",
);
pub const TAKE_OVER: Text = text("在这里继续", "Continue here");
pub const STORE_FAILED: Text = text("打不开本机存储", "The storage of this device cannot be opened");
pub const STORE_FAILED_HELP: Text = text(
    "请关掉别的窗口后重新载入。若用的是无痕窗口，请换普通窗口。",
    "Close other windows and reload. If this is a private window, use an ordinary one.",
);
pub const RELOAD: Text = text("重新载入", "Reload");

pub const NOTES_DECOY: Text = text("便笺", "Notes");
pub const NOTES_DECOY_EMPTY: Text = text("还没有便笺", "No notes yet");

/// The label of the field for one word of the kit; `position` counts from 0.
pub fn kit_word(language: Language, position: u8) -> String {
    match language {
        Language::Chinese => format!("第 {} 个字", position + 1),
        Language::English => format!("Word {}", position + 1),
    }
}
