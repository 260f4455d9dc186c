//! Writes the beginnings of the corpora: what honest devices send and keep, and scripts at random.

use mingcha_core::cbor;
use mingcha_core::code::{InvitationSecret, SetupCode};
use mingcha_core::crypto::{Rng, SigningKey};
use mingcha_core::document::{Kind, RawChange, pack, unpack};
use mingcha_core::entry::{Entry, Payload, parcel};
use mingcha_core::ids::{Incarnation, RelayKey, SpaceId};
use mingcha_core::sheet;
use mingcha_core::units;
use mingcha_core::wire::{FromRelay, ToRelay};
use mingcha_fuzz::document::script_of;
use mingcha_tests::World;
use mingcha_tests::rogue::Rogue;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;
use std::rc::Rc;
use std::{fs, io};

const CSV: &str = "code,name,cityCode,provinceCode\n110101,东城区,1101,11\n110102,西城区,1101,11\n";
const SHEET: &str = r#"<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c><c r="B1" t="s"><v>0</v></c></row><row r="2"><c r="A2"><v>110101</v></c><c r="B2" t="s"><v>1</v></c></row></sheetData></worksheet>"#;
const STRINGS: &str = "<sst><si><t>name</t></si><si><r><t>东</t></r><r><t>城区</t></r></si></sst>";
const BOOK: &str = r#"<workbook><sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const RELATIONS: &str =
    r#"<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>"#;

const VISIT: u8 = Kind::Visit as u8;

fn main() -> io::Result<()> {
    let day = Day::new();
    wire(&day)?;
    documents(&day)?;
    sheets()?;
    for target in ["engine", "log", "relay"] {
        scripts(target)?;
    }
    Ok(())
}

fn save(target: &str, name: &str, parts: &[&[u8]]) -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(format!("seed-{name}")), parts.concat())
}

/// What was said and made on a day in an office.
struct Day {
    to_relay: Vec<Vec<u8>>,
    from_relay: Vec<Vec<u8>>,
    entries: Vec<Entry>,
    payloads: Vec<Payload>,
}

impl Day {
    fn new() -> Self {
        let mut world = World::new();
        let heard = Rc::new(RefCell::new(Vec::new()));
        let ear = heard.clone();
        world.set_between(Some(Box::new(move |_, message: FromRelay| {
            ear.borrow_mut().push(message.encode());
            vec![message.encode()]
        })));
        let (ana, team, [ben]) = world.office(["王芳"]);
        let code = world.invite(ana, team, "冒充者");
        let rogue = Rogue::join(&mut world, &code);
        let visit = world.visit(ben, team, "410305");
        for text in ["窗口无人", "窗口无人值守 😀", "有人"] {
            world.note(ben, visit, text).expect("saved");
            world.run();
        }
        world.restart(ana);
        world.run();
        let held = world.relay.held().map(|(_, bytes)| Entry::check(bytes.to_vec()).expect("held"));
        let entries: Vec<_> = held.collect();
        let open = |entry: &Entry| entry.open(rogue.keys.get(&entry.header().space)?).ok();
        let payloads = entries.iter().filter_map(open).collect();
        let to_relay = [ana, ben].into_iter().flat_map(|who| world.at(who).sent.clone()).collect();
        world.set_between(None);
        Self { to_relay, from_relay: heard.take(), entries, payloads }
    }
}

/// One message of each kind, by what its first bytes say.
fn one_of_each(messages: &[Vec<u8>]) -> Vec<&Vec<u8>> {
    let mut kinds = BTreeSet::new();
    messages.iter().filter(|message| kinds.insert(message[..2].to_vec())).collect()
}

fn wire(day: &Day) -> io::Result<()> {
    for (at, message) in one_of_each(&day.to_relay).into_iter().enumerate() {
        ToRelay::decode(message).expect("a message");
        save("wire", &format!("to-relay-{at}"), &[&[0], message])?;
    }
    for (at, message) in one_of_each(&day.from_relay).into_iter().enumerate() {
        save("wire", &format!("from-relay-{at}"), &[&[1], message])?;
    }
    save("wire", "entry", &[&[2], day.entries[0].bytes()])?;
    for (at, entry) in day.entries.iter().filter(|entry| !entry.clear().is_empty()).enumerate() {
        save("wire", &format!("statement-{at}"), &[&[3], entry.clear()])?;
    }
    for (at, payload) in day.payloads.iter().take(3).enumerate() {
        save("wire", &format!("payload-{at}"), &[&[4], &cbor::encode(payload)])?;
    }
    save("wire", "header", &[&[5], &cbor::encode(day.entries[3].header())])?;
    let code = SetupCode { token: [1; 16], relay: RelayKey(SigningKey::from_seed([1; 32]).public()) };
    save("wire", "code", &[&[7], code.to_text().as_bytes()])?;
    save("wire", "invitation", &[&[7], InvitationSecret([3; 16]).to_text().as_bytes()])?;
    let note = format!("mingcha/{}/{}\n42\nAAAA", SpaceId([1; 16]), Incarnation([2; 16]));
    save("wire", "note", &[&[8], note.as_bytes()])?;
    let (parcel, _) = parcel::pack(day.entries.iter().take(2).map(Entry::bytes));
    save("wire", "parcel", &[&[10], &parcel])?;
    let frames = parcel.get(15..parcel.len() - 32).expect("its frames");
    save("wire", "parcel-frames", &[&[10], frames])
}

fn documents(day: &Day) -> io::Result<()> {
    let mut changes: Vec<RawChange> = Vec::new();
    for payload in &day.payloads {
        if let Payload::Changes { kind: VISIT, batch, .. } = payload {
            changes.extend(unpack(batch).expect("a batch"));
        }
    }
    let changes: Vec<_> = changes.into_iter().filter(|change| !change.is_skeleton()).collect();
    save("document", "batch", &[&[VISIT, 0], &pack(&changes)])?;
    save("document", "changes", &[&[VISIT, 3], &script_of(&changes)])?;
    for (at, change) in changes.iter().take(6).enumerate() {
        save("document", &format!("change-{at}"), &[&[VISIT, 3], &script_of(core::slice::from_ref(change))])?;
        let plain = [&(change.bytes().len() as u32).to_be_bytes()[..], change.bytes()].concat();
        save("document", &format!("plain-{at}"), &[&[VISIT, 1], &plain])?;
    }
    // What the rogue of the engine's target sends are the same scripts.
    let script = script_of(&changes);
    let len = (script.len() as u16).to_be_bytes();
    save("engine", "rogue", &[&[0, 9, 0, 1], &len, &script, &[0, 17, 60]])
}

fn sheets() -> io::Result<()> {
    save("sheet", "csv", &[&[0], CSV.as_bytes()])?;
    save("sheet", "tabs", &[&[0], CSV.replace(',', "\t").as_bytes()])?;
    let files = [(2, BOOK), (3, RELATIONS), (4, STRINGS), (5, SHEET)];
    let book = files.map(|(which, content)| {
        [&[which], &(content.len() as u16).to_be_bytes()[..], content.as_bytes()].concat()
    });
    save("sheet", "book", &[&[1], &book.concat()])?;
    let rows = sheet::read(CSV.as_bytes(), "units").expect("a sheet").rows;
    for part in units::pack(&rows) {
        save("sheet", "part", &[&[2], &part])?;
    }
    Ok(())
}

fn scripts(target: &str) -> io::Result<()> {
    for seed in 0..6 {
        let mut rng = Rng::new([seed; 32]);
        let bytes = [rng.bytes::<64>(), rng.bytes::<64>()].concat();
        save(target, &format!("random-{seed}"), &[&bytes])?;
    }
    Ok(())
}
