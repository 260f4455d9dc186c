//! A desk with many visits: everything works on all of them, and how long it takes is told, not required.
//!
//! `MINGCHA_VISITS=10000` says how many; without it there are few, so that the other tests need not wait.

use anyhow::{Context, Result, ensure};
use mingcha_core::command::{Command, FindingEdit, TextEdit, VisitEdit};
use mingcha_core::domain::{Language, Mode, Role as Duty, Severity};
use mingcha_core::ids::{DocumentId, ItemId, SpaceId};
use mingcha_core::units::UnitRow;
use mingcha_core::view::Heads;
use mingcha_core::words;
use mingcha_tests::browser::steps::PASSPHRASE;
use mingcha_tests::browser::words as w;
use mingcha_tests::browser::{Backroom, Device, Kind, Role, Word, search};
use mingcha_tests::live::Live;
use serde_json::json;
use std::time::{Duration, Instant};

const LANGUAGE: Language = Language::Chinese;
const FEW: usize = 600;
const UNITS: usize = 300;
/// Over how long a time the visits are spread.
const DAYS: usize = 30;
/// Of so many visits one has a word that no other has.
const RARE: usize = 100;
const RARE_WORD: &str = "孔雀";
/// Stands where no list reaches, and must be in a file.
const LAST_WORD: &str = "记毕";
const CATEGORIES: [&str; 5] =
    ["discipline.absent", "discipline.games", "duty.one-time-notice", "duty.time-limit", "power.difficulty"];
/// How long the desk may take to read everything.
const READING: Duration = Duration::from_secs(600);
/// Steps of a scrolling from the first row to the last.
const STEPS: u32 = 60;
/// Steps of a scrolling as with a wheel, and how far each goes.
const FRAMES: u32 = 300;
const PIXELS: u32 = 80;
const BOM: &[u8] = b"\xef\xbb\xbf";
const PRINTED_AT_MOST: usize = 2_000;
const EXPORT: Word = Word("导出", "Export");
const PRINT: Word = Word("打印", "Print");
const CLOSE: Word = Word("关闭", "Close");

#[tokio::test]
async fn a_desk_with_many_visits() -> Result<()> {
    let count = match std::env::var("MINGCHA_VISITS") {
        Ok(count) => count.parse()?,
        Err(_) => FEW,
    };
    let mut office = Backroom::found(Kind::Shipped, "第一组", units()).await?;
    let begun = Instant::now();
    office.visits(count, DAYS, visit).await?;
    println!("{count} visits made on another device and delivered: {:.1} s", begun.elapsed().as_secs_f64());
    let mut desk = join(&mut office, count).await?;
    unlocks(&desk, count).await?;
    finds(&desk, count).await?;
    scrolls(&desk, count).await?;
    goes_out(&desk, count).await?;
    desk.close().await
}

fn units() -> Vec<UnitRow> {
    let unit = |n: usize| UnitRow {
        code: format!("{:04}", 1_000 + n),
        name: format!("{}区{}号窗口单位", ["东", "南", "西", "北", "中"][n % 5], n + 1),
        initials: vec![format!("q{n}hckdw")],
        ..UnitRow::default()
    };
    (0..UNITS).map(unit).collect()
}

/// A visit of a number, as an inspector makes it.
fn visit(live: &mut Live, number: usize, team: SpaceId) -> Vec<Command> {
    let visit = DocumentId(live.bytes());
    let edit = |edit| Command::EditVisit { visit, edit };
    let text = |text: String| TextEdit { base: Heads::default(), text };
    let unit = format!("{:04}", 1_000 + number * 7 % UNITS);
    let rare = if number.is_multiple_of(RARE) { RARE_WORD } else { "大厅" };
    let mut commands = vec![
        Command::StartVisit {
            visit,
            team,
            mode: Mode::Undercover,
            unit: Some(unit),
            checklist: None,
            assignment: None,
        },
        edit(VisitEdit::Notes(text(format!(
            "第 {number} 次：{rare}里等候约{}分钟。{}{LAST_WORD}",
            number % 50,
            "窗口前一直有人排队。".repeat(10)
        )))),
    ];
    for at in 0..findings_of(number) {
        let finding = ItemId(live.bytes());
        let field = |field| edit(VisitEdit::Finding { finding, field });
        let severity = [Severity::Minor, Severity::Serious, Severity::Grave][(number + at) % 3];
        commands.extend([
            edit(VisitEdit::AddFinding { finding, question: None }),
            field(FindingEdit::Category(CATEGORIES[(number + at) % CATEGORIES.len()].into())),
            field(FindingEdit::Severity(severity)),
            field(FindingEdit::Place(format!("{}号窗口", number % 12 + 1))),
            field(FindingEdit::Seen(text(format!(
                "{}点窗口无人，持续约{}分钟。",
                9 + number % 8,
                number % 40
            )))),
        ]);
    }
    commands.push(Command::SubmitVisit { visit, incomplete: true });
    commands
}

/// Most visits find one thing, some nothing or two.
fn findings_of(number: usize) -> usize {
    [1, 1, 0, 1, 2][number % 5]
}

async fn join(office: &mut Backroom, count: usize) -> Result<Device> {
    let (roles, name) = (vec![Duty::Supervisor], "周敏");
    let invite = Command::Invite { roles, team: None, name: name.into(), days: 3 };
    let invitation = office.invite(invite, name).await?;
    let mut desk = Device::desktop(name, LANGUAGE, &office.relay)?;
    desk.open(&invitation.path).await?;
    desk.speak().await?;
    desk.write(desk.say(w::PASSPHRASE), PASSPHRASE).await?;
    desk.write(desk.say(w::PASSPHRASE_AGAIN), PASSPHRASE).await?;
    desk.click(Role::Button, desk.say(w::JOIN)).await?;
    desk.find(Role::Heading, desk.say(w::DESK)).await?;
    desk.visit_page(w::VISITS).await?;
    office.let_in(name).await?;
    let begun = Instant::now();
    desk.see_for(&shown(count), READING).await?;
    println!("let in, until all {count} are listed: {:.1} s", begun.elapsed().as_secs_f64());
    Ok(desk)
}

/// From the click on "unlock" to rows that can be worked with.
async fn unlocks(desk: &Device, count: usize) -> Result<()> {
    for (page, is_there) in [
        (w::DESK, "document.querySelector('nav') && document.querySelector('main h1')".to_owned()),
        (w::VISITS, format!("{ROWS} && {}", has(&shown(count)))),
        (w::FINDINGS, ROWS.to_owned()),
    ] {
        desk.visit_page(page).await?;
        desk.driver()?.refresh().await?;
        desk.write(desk.say(w::PASSPHRASE), PASSPHRASE).await?;
        let millis = timed(desk, "document.querySelector('form button.primary').click()", &is_there).await?;
        println!("unlock to {}: {millis:.0} ms", desk.say(page));
        if page.1 == w::VISITS.1 {
            desk.look("many-visits").await?;
        }
    }
    Ok(())
}

/// How a list says that it has so many rows.
fn shown(count: usize) -> String {
    let digits = count.to_string();
    let head = digits.len() % 3;
    let groups = digits.as_bytes()[head..].chunks(3).map(String::from_utf8_lossy);
    let head = Some(digits[..head].into()).filter(|head: &std::borrow::Cow<str>| !head.is_empty());
    format!("/ {}", head.into_iter().chain(groups).collect::<Vec<_>>().join(","))
}

/// That the list says so.
fn has(text: &str) -> String {
    format!("document.querySelector('main .count')?.innerText.endsWith({})", json!(text))
}

/// A row that is drawn.
const ROWS: &str = "document.querySelector('main tbody:not(.pad) > tr')";

async fn finds(desk: &Device, count: usize) -> Result<()> {
    desk.visit_page(w::VISITS).await?;
    desk.see(&shown(count)).await?;
    let search = |text: &str| {
        format!(
            "const field = document.querySelector('main input[type=search]'); field.value = {};
             field.dispatchEvent(new Event('input', {{ bubbles: true }}))",
            json!(text)
        )
    };
    let all = has(&shown(count));
    let rare = timed(desk, &search(RARE_WORD), &has(&shown(count.div_ceil(RARE)))).await?;
    let back = timed(desk, &search(""), &all).await?;
    let unit = "document.querySelector('main thead th button.sort')";
    let is_sorted = "document.querySelector('main thead th[aria-sort=ascending] button.sort')";
    let first = format!("{ROWS}?.innerText");
    let sorted = timed(
        desk,
        &format!("const first = {first}; {unit}.click()"),
        &format!("{is_sorted} && {first} !== first"),
    )
    .await?;
    println!("visits: search {rare:.0} ms, search taken back {back:.0} ms, sort {sorted:.0} ms");
    desk.visit_page(w::FINDINGS).await?;
    let findings = (0..count).map(findings_of).sum();
    desk.see(&shown(findings)).await?;
    let of_category = (0..count)
        .flat_map(|number| (0..findings_of(number)).map(move |at| number + at))
        .filter(|sum| sum % CATEGORIES.len() == 1)
        .count();
    let choose = format!(
        "const choice = [...document.querySelectorAll('main select')].find((one) =>
           [...one.options].some((option) => option.text === {category}));
         choice.value = [...choice.options].find((option) => option.text === {category}).value;
         choice.dispatchEvent(new Event('change', {{ bubbles: true }}))",
        category = json!(words::category(CATEGORIES[1], LANGUAGE)),
    );
    let chosen = timed(desk, &choose, &has(&shown(of_category))).await?;
    println!("findings: one category of {} {chosen:.0} ms", CATEGORIES.len());
    desk.click(Role::Button, desk.say(w::CLEAR)).await?;
    desk.see(&shown(findings)).await
}

/// From the first row to the last in steps, each waiting for its rows.
async fn scrolls(desk: &Device, count: usize) -> Result<()> {
    desk.visit_page(w::VISITS).await?;
    desk.see(&shown(count)).await?;
    desk.watch_frames().await?;
    let script = format!(
        "const frame = document.querySelector('.scroll');
         const inSight = () => {{
           const box = frame.getBoundingClientRect();
           const row = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
           return row?.closest('tbody:not(.pad) > tr') != null;
         }};
         let longest = 0;
         for (let step = 1; step <= {STEPS}; step += 1) {{
           frame.scrollTop = (frame.scrollHeight - frame.clientHeight) * step / {STEPS};
           const begun = performance.now();
           do await new Promise(requestAnimationFrame); while (!inSight());
           longest = Math.max(longest, performance.now() - begun);
         }}
         return longest"
    );
    let empty = desk.run_async(&script).await?.as_f64().context("a number")?;
    let frame = desk.longest_frame().await?;
    println!(
        "scrolling to the end in {STEPS} jumps: rows after {empty:.0} ms at most, longest frame {frame:.0} ms"
    );
    desk.run("document.querySelector('.scroll').scrollTop = 0").await?;
    desk.watch_frames().await?;
    let script = format!(
        "const frame = document.querySelector('.scroll');
         for (let step = 0; step < {FRAMES}; step += 1) {{
           frame.scrollTop += {PIXELS};
           await new Promise(requestAnimationFrame);
         }}"
    );
    desk.run_async(&script).await?;
    let frame = desk.longest_frame().await?;
    println!("scrolling by {PIXELS} pixels a frame, {FRAMES} times: longest frame {frame:.0} ms");
    let opened = timed(
        desk,
        "[...document.querySelectorAll('main tbody:not(.pad) > tr a')].at(-1).click()",
        "document.querySelector('main h1') && !document.querySelector('.scroll')",
    )
    .await?;
    println!("opening the last: {opened:.0} ms");
    desk.driver()?.back().await?;
    desk.see(&shown(count)).await
}

/// Export as CSV and XLSX, and print.
async fn goes_out(desk: &Device, count: usize) -> Result<()> {
    for form in ["CSV", "XLSX"] {
        let begun = Instant::now();
        desk.click(Role::Button, desk.say(EXPORT)).await?;
        let button = if form == "CSV" { "CSV…" } else { "Excel…" };
        desk.click(Role::Button, button).await?;
        let ending = form.to_lowercase();
        let file = desk
            .wait_for(form, READING, async || {
                let file = desk.downloaded()?;
                Ok(file.filter(|file| file.extension().is_some_and(|it| *it == *ending)))
            })
            .await?;
        println!("{form} of {count} visits: {:.1} s", begun.elapsed().as_secs_f64());
        ensure!(has_all(&std::fs::read(&file)?, count), "{} has all rows", file.display());
        std::fs::remove_file(file)?;
        desk.click(Role::Button, desk.say(CLOSE)).await?;
    }
    desk.run("window.print = () => { window.paper = document.querySelectorAll('.paper tbody tr').length }")
        .await?;
    let print = format!(
        "[...document.querySelectorAll('main button, header button')].find((one) => one.innerText === {}).click()",
        json!(desk.say(PRINT))
    );
    let printed = timed(desk, &print, "window.paper !== undefined").await?;
    let rows = desk.run("return window.paper").await?;
    println!("print: {printed:.0} ms to {rows} rows on paper");
    ensure!(rows == json!(count.min(PRINTED_AT_MOST)), "{rows} rows on paper");
    Ok(())
}

/// Whether a file has all visits: the number of its lines is counted, or the first and the last looked for in what is
/// deflated.
fn has_all(file: &[u8], count: usize) -> bool {
    if file.starts_with(BOM) {
        let text = String::from_utf8_lossy(file);
        return text.lines().count() == count + 1 && text.matches(LAST_WORD).count() == count;
    }
    let ends = [0, count - 1].map(|number| format!("第 {number} 次"));
    let found = search(file, &ends.each_ref().map(String::as_str));
    ends.iter().all(|text| found.contains(text))
}

/// The milliseconds from an action to the frame in which something holds.
async fn timed(desk: &Device, action: &str, until: &str) -> Result<f64> {
    let script = format!(
        "const begun = performance.now(); {action};
         do await new Promise(requestAnimationFrame); while (!({until}));
         return performance.now() - begun"
    );
    desk.run_async(&script).await?.as_f64().context("a number")
}
