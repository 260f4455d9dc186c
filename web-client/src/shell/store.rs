//! The engine's tables in IndexedDB.

use crate::shell::idb::{self, Refused};
use futures::StreamExt;
use futures::channel::mpsc::UnboundedReceiver;
use js_sys::{Array, Uint8Array};
use mingcha_core::engine::io::{Record, Selection, StoreFailure, Table, Ticket, Write};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{
    IdbDatabase, IdbFactory, IdbKeyRange, IdbObjectStore, IdbOpenDbRequest, IdbTransaction, WorkerGlobalScope,
};

const DATABASE: &str = "mingcha";
const VERSION: u32 = 1;

/// Holds the fence alone: which opening of the store may write.
const FENCE: &str = "fence";
const GENERATION: &str = "generation";

/// What the engine wants of the store.
#[derive(Debug)]
pub enum Request {
    /// Read records.
    Load(Ticket, Vec<Selection>),
    /// Write records.
    Store(Ticket, Vec<Write>),
}

/// What became of a [`Request`].
#[derive(Debug)]
pub enum Reply {
    /// The records that exist.
    Loaded(Ticket, Vec<Record>),
    /// The store cannot be read, though it was opened again.
    Unreadable,
    /// The transaction is durable, or nothing of it is.
    Stored(Ticket, Result<(), StoreFailure>),
}

/// The store, opened for writing by this tab.
pub struct Store {
    db: IdbDatabase,
    generation: f64,
}

/// Why a read or write did not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failure {
    Full,
    Fenced,
    Failed,
}

impl Store {
    /// Opens the store and fences off whoever had it open before.
    ///
    /// # Errors
    ///
    /// When the browser gives no storage, or a newer version of the client wrote it.
    pub async fn open() -> Result<Self, StoreFailure> {
        let db = open_database().await.map_err(|error| Failure::of(error).told())?;
        let generation = next_generation(&db).await.map_err(|error| Failure::of(error).told())?;
        Ok(Self { db, generation })
    }

    /// Carries out requests one after the other until there are no more.
    pub async fn serve(mut self, mut requests: UnboundedReceiver<Request>, mut report: impl FnMut(Reply)) {
        while let Some(request) = requests.next().await {
            report(match request {
                Request::Load(ticket, selections) => match self.load(&selections).await {
                    Ok(records) => Reply::Loaded(ticket, records),
                    Err(_) => Reply::Unreadable,
                },
                Request::Store(ticket, writes) => Reply::Stored(ticket, self.store(&writes).await),
            });
        }
        self.db.close();
    }

    /// Reads all that is selected, in one transaction.
    async fn load(&mut self, selections: &[Selection]) -> Result<Vec<Record>, StoreFailure> {
        match load(&self.db, selections).await {
            Ok(records) => Ok(records),
            Err(_) => {
                self.reopen().await.map_err(Failure::told)?;
                load(&self.db, selections).await.map_err(|error| Failure::of(error).told())
            }
        }
    }

    /// Writes all or nothing; done only when it is on the disk.
    async fn store(&mut self, writes: &[Write]) -> Result<(), StoreFailure> {
        match write(&self.db, self.generation, writes).await {
            Err(Failure::Failed) => {
                self.reopen().await.map_err(Failure::told)?;
                write(&self.db, self.generation, writes).await.map_err(Failure::told)
            }
            done => done.map_err(Failure::told),
        }
    }

    /// Browsers drop connections: when storage is cleaned up, or a phone wakes from sleep.
    async fn reopen(&mut self) -> Result<(), Failure> {
        self.db.close();
        self.db = open_database().await.map_err(Failure::of)?;
        Ok(())
    }
}

impl Failure {
    fn of(error: Refused) -> Self {
        match error {
            Some(error) if error.name() == "QuotaExceededError" => Self::Full,
            _ => Self::Failed,
        }
    }

    fn told(self) -> StoreFailure {
        match self {
            Self::Full => StoreFailure::Full,
            Self::Fenced => StoreFailure::Fenced,
            Self::Failed => StoreFailure::Failed,
        }
    }
}

async fn open_database() -> Result<IdbDatabase, Refused> {
    let factory = js_sys::global().unchecked_into::<WorkerGlobalScope>().indexed_db();
    let factory: IdbFactory = factory.map_err(idb::refused)?.ok_or(None)?;
    let opening: IdbOpenDbRequest = factory.open_with_u32(DATABASE, VERSION).map_err(idb::refused)?;
    let upgrade = Closure::once({
        let opening = opening.clone();
        move |_: web_sys::Event| {
            let Ok(db) = opening.result().map(JsCast::unchecked_into::<IdbDatabase>) else { return };
            for name in Table::ALL.map(name).into_iter().chain([FENCE]) {
                // If this fails the upgrade is aborted, and opening with it.
                let _ = db.create_object_store(name);
            }
        }
    });
    opening.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let db: IdbDatabase = idb::result(&opening).await?.unchecked_into();
    opening.set_onupgradeneeded(None);
    // A newer client must be able to migrate the store: this connection gives way and is opened again when needed.
    let give_way = Closure::<dyn FnMut(web_sys::Event)>::new({
        let db = db.clone();
        move |_| db.close()
    });
    db.set_onversionchange(Some(&give_way.into_js_value().unchecked_into()));
    Ok(db)
}

async fn next_generation(db: &IdbDatabase) -> Result<f64, Refused> {
    let transaction = idb::begin_strict(db, &FENCE.into())?;
    let fence = transaction.object_store(FENCE).map_err(idb::refused)?;
    let last = idb::result(&fence.get(&GENERATION.into()).map_err(idb::refused)?).await?;
    let generation = last.as_f64().unwrap_or_default() + 1.0;
    fence.put_with_key(&generation.into(), &GENERATION.into()).map_err(idb::refused)?;
    idb::settled(&transaction).await?;
    Ok(generation)
}

async fn load(db: &IdbDatabase, selections: &[Selection]) -> Result<Vec<Record>, Refused> {
    let tables: Vec<Table> = selections.iter().map(Selected::table).collect();
    if tables.is_empty() {
        return Ok(Vec::new());
    }
    let transaction = db.transaction_with_str_sequence(&names(tables)).map_err(idb::refused)?;
    // All requests are made before the first is awaited, so that the transaction stays open.
    let mut asked = Vec::with_capacity(selections.len());
    for selection in selections {
        let table = selection.table();
        let store = transaction.object_store(name(table)).map_err(idb::refused)?;
        let range = selection.range()?;
        let keys = store.get_all_keys_with_key(&range).map_err(idb::refused)?;
        let values = store.get_all_with_key(&range).map_err(idb::refused)?;
        asked.push((table, keys, values));
    }
    let mut records = Vec::new();
    for (table, keys, values) in asked {
        let keys: Array = idb::result(&keys).await?.unchecked_into();
        let values: Array = idb::result(&values).await?.unchecked_into();
        let pairs = keys.iter().zip(values.iter());
        records.extend(pairs.map(|(key, value)| Record { table, key: bytes(&key), value: bytes(&value) }));
    }
    Ok(records)
}

async fn write(db: &IdbDatabase, generation: f64, writes: &[Write]) -> Result<(), Failure> {
    let tables = names(writes.iter().map(|write| match write {
        Write::Put(record) => record.table,
        Write::Delete(table, _) => *table,
    }));
    tables.push(&FENCE.into());
    let transaction = idb::begin_strict(db, &tables).map_err(Failure::of)?;
    let fenced = guard(&transaction, generation).map_err(Failure::of)?;
    for write in writes {
        put(&transaction, write).map_err(|error| {
            let _ = transaction.abort();
            Failure::of(error)
        })?;
    }
    let settled = idb::settled(&transaction).await;
    match settled {
        Err(_) if fenced.get() => Err(Failure::Fenced),
        settled => settled.map_err(Failure::of),
    }
}

/// Aborts the transaction when another opening of the store is newer; says so in the cell.
fn guard(transaction: &IdbTransaction, generation: f64) -> Result<Rc<Cell<bool>>, Refused> {
    let fence = transaction.object_store(FENCE).map_err(idb::refused)?;
    let read = fence.get(&GENERATION.into()).map_err(idb::refused)?;
    let fenced = Rc::new(Cell::new(false));
    let check = Closure::once_into_js({
        let (read, fenced, transaction) = (read.clone(), Rc::clone(&fenced), transaction.clone());
        move |_: web_sys::Event| {
            let current = read.result().ok().and_then(|value| value.as_f64());
            if current != Some(generation) {
                fenced.set(true);
                let _ = transaction.abort();
            }
        }
    });
    read.set_onsuccess(Some(check.unchecked_ref()));
    Ok(fenced)
}

fn put(transaction: &IdbTransaction, write: &Write) -> Result<(), Refused> {
    let store = |table| -> Result<IdbObjectStore, Refused> {
        transaction.object_store(name(table)).map_err(idb::refused)
    };
    match write {
        Write::Put(Record { table, key, value }) => {
            store(*table)?.put_with_key(&buffer(value), &buffer(key)).map_err(idb::refused)?;
        }
        Write::Delete(table, key) => {
            store(*table)?.delete(&buffer(key)).map_err(idb::refused)?;
        }
    }
    Ok(())
}

trait Selected {
    fn table(&self) -> Table;
    fn range(&self) -> Result<JsValue, Refused>;
}

impl Selected for Selection {
    fn table(&self) -> Table {
        match self {
            Self::Table(table) | Self::Key(table, _) | Self::Prefix(table, _) => *table,
        }
    }

    fn range(&self) -> Result<JsValue, Refused> {
        let range = match self {
            Self::Table(_) => return Ok(JsValue::UNDEFINED),
            Self::Key(_, key) => IdbKeyRange::only(&buffer(key)),
            Self::Prefix(_, prefix) => match after_prefix(prefix) {
                Some(end) => IdbKeyRange::bound_with_lower_open_and_upper_open(
                    &buffer(prefix),
                    &buffer(&end),
                    false,
                    true,
                ),
                None => IdbKeyRange::lower_bound(&buffer(prefix)),
            },
        };
        range.map(Into::into).map_err(idb::refused)
    }
}

/// The first key after all keys with this prefix; `None` when there is no such key.
fn after_prefix(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|&byte| byte != 0xff)?;
    let mut end = prefix[..=last].to_vec();
    end[last] += 1;
    Some(end)
}

fn name(table: Table) -> &'static str {
    match table {
        Table::Clear => "clear",
        Table::Outbox => "outbox",
        Table::State => "state",
        Table::Entries => "entries",
        Table::Documents => "documents",
        Table::Rows => "rows",
        Table::Pending => "pending",
        Table::Datasets => "datasets",
    }
}

fn names(tables: impl IntoIterator<Item = Table>) -> Array {
    let tables: std::collections::BTreeSet<Table> = tables.into_iter().collect();
    tables.into_iter().map(|table| JsValue::from_str(name(table))).collect()
}

fn buffer(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).buffer().into()
}

fn bytes(buffer: &JsValue) -> Vec<u8> {
    Uint8Array::new(buffer).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_ends_before_the_next_key() {
        assert_eq!(after_prefix(b"ab"), Some(b"ac".to_vec()));
        assert_eq!(after_prefix(&[7, 0xff, 0xff]), Some(vec![8]));
        assert_eq!(after_prefix(&[0xff, 0xff]), None);
        assert_eq!(after_prefix(&[]), None);
    }

    #[test]
    fn every_table_has_its_own_name() {
        let all: std::collections::BTreeSet<_> = Table::ALL.map(name).into_iter().chain([FENCE]).collect();
        assert_eq!(all.len(), Table::ALL.len() + 1);
    }
}
