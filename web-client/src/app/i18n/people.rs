//! Words for people, their devices and teams.

use super::{Text, text};
use mingcha_core::domain::Language;

pub const MEMBERS: Text = text("成员", "Members");
pub const TEAMS: Text = text("小组", "Teams");
pub const INVITE_SOMEBODY: Text = text("邀请人员", "Invite somebody");
pub const INVITE_HELP: Text = text(
    "对方打开链接、扫二维码或输入邀请码即可加入。暗访员马上可用；在办公室工作的人加入后，还要核对数字放行一次。",
    "They join by the link, the QR code or the code. Inspectors can begin at once; people of the office are let in afterwards, once you have compared a code.",
);
pub const ROLES: Text = text("角色", "Roles");
pub const TEAM: Text = text("小组", "Team");
pub const CHOOSE_TEAM: Text = text("选小组", "Choose a team");
pub const NEEDS_TEAM: Text =
    text("暗访员要有小组：请先建立一个。", "An inspector needs a team: create one first.");
pub const NAME_AND_ROLE: Text =
    text("姓名和至少一个角色都要填。", "A name and at least one role are needed.");
pub const WITHDRAW: Text = text("收回", "Withdraw");
pub const WITHDRAW_ASK: Text = text("收回这份邀请？", "Withdraw this invitation?");
pub const WITHDRAW_HELP: Text = text(
    "链接和邀请码马上失效。之后可以重新邀请。",
    "Its link and code stop working at once. You can invite again.",
);
pub const PAST: Text = text("已用过或失效的邀请", "Invitations that were used or ended");

pub const WAITING: Text = text("等待放行的设备", "Devices waiting to be let in");
pub const COMPARE: Text = text("核对这组数字", "Compare these digits");
pub const COMPARE_HELP: Text = text(
    "给对方打电话或当面核对：对方屏幕最上方也显示一组数字。两边完全一样才放行；不要用短信或群聊核对。",
    "Call or meet the person: the top of their screen shows digits too. Let the device in only if both are the same. Do not compare by message or in a group.",
);
pub const LET_IN: Text = text("一致，放行", "Same: let in");
pub const DIFFERENT: Text = text("不一致，停用", "Different: block");

pub const THIS_DEVICE: Text = text("这台", "this one");
pub const ADMITTED: Text = text("可用", "in use");
pub const WAITS: Text = text("等待放行", "waiting");
pub const BLOCKED: Text = text("已停用", "blocked");
pub const FOUNDED: Text = text("建立办公室时加入", "founded the office");
pub const NAME_UNKNOWN: Text = text("姓名还没送到", "name not here yet");
pub const NO_ROLES: Text = text("没有角色", "no role");

pub const LOST: Text = text("挂失停用", "Lost: block it");
pub const BLOCK_ASK: Text = text("这台设备丢了，停用它？", "This device is lost. Block it?");
pub const WILL: Text = text("停用以后", "What happens");
pub const WILL_1: Text = text(
    "中继马上断开它，不再给它任何内容，也不再收它的。",
    "The relay cuts it off at once, gives it nothing more and takes nothing more from it.",
);
pub const WILL_2: Text =
    text("它发出而没用过的邀请一并失效。", "Invitations that it made and nobody used stop working.");
pub const WILL_3: Text = text(
    "这个人的其他设备照常可用；要换新设备，再邀请一次。",
    "The person's other devices go on. For a new one, invite them again.",
);
pub const WILL_NOT: Text = text("停用做不到的", "What it does not do");
pub const WILL_NOT_1: Text = text(
    "设备上已有的内容删不掉：它们用口令密封，知道口令的人仍能看到。",
    "What is on the device stays there, sealed by its passphrase: who knows the passphrase can still read it.",
);
pub const WILL_NOT_2: Text = text(
    "没送达的内容还在那台设备上，不会自动回来。",
    "What it had not sent stays on it and does not come back by itself.",
);
pub const WILL_NOT_3: Text = text("停用不能撤销。", "Blocking cannot be undone.");
pub const BLOCK: Text = text("停用这台设备", "Block this device");

pub const HOW: Text = text("谁能看到什么？", "Who can see what?");
pub const HOW_1: Text = text(
    "暗访员只看得到自己小组的记录和派给小组的任务。",
    "Inspectors see the records of their own team and what was assigned to it, nothing else.",
);
pub const HOW_2: Text = text(
    "督查员和综合组看得到所有小组提交的记录；综合组还管单位、检查单和人员。",
    "Supervisors and coordinators see the records of all teams. Coordinators also keep units, checklists and people.",
);
pub const HOW_3: Text = text(
    "中继只转送密封的内容，一条也读不了。",
    "The relay passes sealed content on and can read none of it.",
);

/// The short name of a device.
pub fn device(language: Language, number: u32) -> String {
    match language {
        Language::Chinese => format!("{number} 号设备"),
        Language::English => format!("Device {number}"),
    }
}

/// When a device joined.
pub fn joined(language: Language, when: &str) -> String {
    match language {
        Language::Chinese => format!("{when} 加入"),
        Language::English => format!("joined {when}"),
    }
}

/// When a device was blocked.
pub fn blocked(language: Language, when: &str) -> String {
    match language {
        Language::Chinese => format!("{when} 停用"),
        Language::English => format!("blocked {when}"),
    }
}
