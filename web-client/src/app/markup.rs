//! Elements, built as soon as they are described and kept as what the document holds anyway. What may change is a
//! function: it runs again when something that it read has changed, and only what it made is made anew.

use crate::dom::{self, Listener, Timer, document};
use crate::reactive::*;
pub use mingcha_markup::view;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::Node;

/// Something that can be put into the document: an element, a text, several, or nothing.
#[derive(Clone, Debug, Default)]
pub struct AnyView(Option<Node>);

/// What can be shown inside an element.
pub trait Show {
    /// Makes it.
    fn show(self) -> AnyView;
}

impl Show for AnyView {
    fn show(self) -> AnyView {
        self
    }
}

impl Show for () {
    fn show(self) -> AnyView {
        AnyView(None)
    }
}

impl Show for &str {
    fn show(self) -> AnyView {
        AnyView(Some(document().create_text_node(self).into()))
    }
}

impl Show for String {
    fn show(self) -> AnyView {
        self.as_str().show()
    }
}

impl Show for usize {
    fn show(self) -> AnyView {
        self.to_string().show()
    }
}

impl<T: Show> Show for Option<T> {
    fn show(self) -> AnyView {
        self.map(Show::show).unwrap_or_default()
    }
}

impl Show for Vec<AnyView> {
    fn show(self) -> AnyView {
        several(self)
    }
}

impl<T: Show, F: FnMut() -> T + 'static> Show for F {
    fn show(mut self) -> AnyView {
        changing(Box::new(move || self().show()))
    }
}

/// Several things, one after the other.
pub fn several(pieces: Vec<AnyView>) -> AnyView {
    let all: Node = document().create_document_fragment().into();
    for piece in pieces {
        append(&all, piece);
    }
    AnyView(Some(all))
}

/// Puts a view at the end of the page's body.
pub fn mount(view: AnyView) {
    if let Some(body) = document().body() {
        append(&body, view);
    }
}

fn append(parent: &Node, AnyView(child): AnyView) {
    if let Some(child) = child {
        // A node that was just made has no place yet where this could fail.
        let _ = parent.append_child(&child);
    }
}

/// What lies between two marks is made anew whenever it changes.
fn changing(mut make: Box<dyn FnMut() -> AnyView>) -> AnyView {
    let all: Node = document().create_document_fragment().into();
    let mark = || Node::from(document().create_comment(""));
    let (start, end) = (mark(), mark());
    append(&all, AnyView(Some(start.clone())));
    append(&all, AnyView(Some(end.clone())));
    again(Box::new(move || {
        let AnyView(made) = make();
        let Some(parent) = end.parent_node() else { return };
        while let Some(old) = start.next_sibling().filter(|next| !next.is_same_node(Some(&end))) {
            let _ = parent.remove_child(&old);
        }
        if let Some(made) = made {
            let _ = parent.insert_before(&made, Some(&end));
        }
    }));
    AnyView(Some(all))
}

/// How many rows of a list are made at once, so that the page draws on.
#[derive(Clone, Copy)]
pub struct Pace {
    /// At first, to fill the screen.
    pub at_first: usize,
    /// In each frame after that.
    pub a_frame: usize,
}

/// What a slow phone has done within a frame.
const SLOW: Pace = Pace { at_first: 12, a_frame: 3 };
/// As long as a frame takes.
const FRAME_MILLIS: i32 = 16;

/// The rows wanted of a list, which may be a part of it.
pub struct Part<T> {
    /// The number of the first, counted from 0.
    pub first: usize,
    /// The rows.
    pub rows: Vec<T>,
    /// The number of the one that is topmost in sight: rows are made from here on, and then those before it.
    pub top: usize,
}

/// A list of rows, each of which is one element. Rows are made anew only where another one is wanted, and only a few
/// in each frame.
pub fn rows<T: PartialEq + Clone + 'static>(
    mut wanted: impl FnMut() -> Vec<T> + 'static,
    make: impl Fn(&T) -> AnyView + 'static,
) -> AnyView {
    part_of_rows(move || Part { first: 0, rows: wanted(), top: 0 }, make, SLOW, |_| {})
}

/// [`rows`] of which only a part is wanted; tells which are there whenever that has changed.
pub fn part_of_rows<T: PartialEq + Clone + 'static>(
    mut wanted: impl FnMut() -> Part<T> + 'static,
    make: impl Fn(&T) -> AnyView + 'static,
    pace: Pace,
    tell: impl Fn(Range<usize>) + 'static,
) -> AnyView {
    let all: Node = document().create_document_fragment().into();
    let end: Node = document().create_comment("").into();
    append(&all, AnyView(Some(end.clone())));
    let owner = Owner::current().unwrap_or_default();
    let nothing = Part { first: 0, rows: Vec::new(), top: 0 };
    let (make, tell) = (Box::new(make), Box::new(tell));
    let list =
        List { wanted: nothing, start: 0, shown: VecDeque::new(), end, owner, make, pace, tell, later: None };
    let list = Rc::new(RefCell::new(list));
    again(Box::new(move || {
        let wanted = wanted();
        list.borrow_mut().wanted = wanted;
        if list.borrow().shown.is_empty() {
            work_on(&list);
        } else if list.borrow().later.is_none() {
            work_later(&list);
        }
    }));
    AnyView(Some(all))
}

struct List<T> {
    wanted: Part<T>,
    /// The number of the first row that is there.
    start: usize,
    shown: VecDeque<(T, Row)>,
    end: Node,
    owner: Owner,
    make: Box<dyn Fn(&T) -> AnyView>,
    pace: Pace,
    tell: Box<dyn Fn(Range<usize>)>,
    later: Option<Timer>,
}

/// An element in a list, and what lives as long as it.
struct Row {
    node: Node,
    owner: Owner,
}

impl Drop for Row {
    fn drop(&mut self) {
        self.owner.cleanup();
        if let Some(parent) = self.node.parent_node() {
            let _ = parent.remove_child(&self.node);
        }
    }
}

impl<T: PartialEq + Clone> List<T> {
    /// Makes the next rows that are not as wanted; whether some are left.
    fn work(&mut self) -> bool {
        let first = self.wanted.first;
        let end = first + self.wanted.rows.len();
        let top = self.wanted.top.min(end.saturating_sub(1)).max(first);
        self.leave_out(first, end, top);
        let mut left = if self.shown.is_empty() { self.pace.at_first } else { self.pace.a_frame };
        let there = self.start + self.shown.len();
        for at in (top..there).chain(self.start..top) {
            if self.shown[at - self.start].0 == self.wanted.rows[at - first] {
                continue;
            }
            if left == 0 {
                return true;
            }
            left -= 1;
            let row = self.make(at, Some(at));
            self.shown[at - self.start] = row;
        }
        for at in there..end {
            if left == 0 {
                return true;
            }
            left -= 1;
            let row = self.make(at, None);
            self.shown.push_back(row);
        }
        for at in (first..self.start).rev() {
            if left == 0 {
                return true;
            }
            left -= 1;
            let row = self.make(at, Some(self.start));
            self.shown.push_front(row);
            self.start = at;
        }
        false
    }

    /// Drops the rows that are no longer wanted, and all of them when they are elsewhere than what is in sight.
    fn leave_out(&mut self, first: usize, end: usize, top: usize) {
        while self.start < first && self.shown.pop_front().is_some() {
            self.start += 1;
        }
        self.shown.truncate(end.saturating_sub(self.start));
        if self.shown.is_empty() || !(self.start..=self.start + self.shown.len()).contains(&top) {
            self.shown.clear();
            self.start = top;
        }
    }

    /// Makes a row and puts it before another that is there, or at the end.
    fn make(&self, at: usize, before: Option<usize>) -> (T, Row) {
        let wanted = &self.wanted.rows[at - self.wanted.first];
        let owner = self.owner.child();
        let AnyView(node) = owner.with(|| (self.make)(wanted));
        let node = node.unwrap_or_else(|| document().create_comment("").into());
        let before = before.and_then(|before| self.shown.get(before - self.start));
        let before = before.map_or(&self.end, |(_, row)| &row.node);
        if let Some(parent) = self.end.parent_node() {
            let _ = parent.insert_before(&node, Some(before));
        }
        (wanted.clone(), Row { node, owner })
    }
}

fn work_on<T: PartialEq + Clone + 'static>(list: &Rc<RefCell<List<T>>>) {
    list.borrow_mut().later = None;
    let is_more = list.borrow_mut().work();
    let list_now = list.borrow();
    (list_now.tell)(list_now.start..list_now.start + list_now.shown.len());
    drop(list_now);
    if is_more {
        work_later(list);
    }
}

fn work_later<T: PartialEq + Clone + 'static>(list: &Rc<RefCell<List<T>>>) {
    let weak = Rc::downgrade(list);
    let later = dom::later(FRAME_MILLIS, move || {
        if let Some(list) = weak.upgrade() {
            work_on(&list);
        }
    });
    list.borrow_mut().later = Some(later);
}

/// Does something now, and again whenever something that it read has changed, as long as the owner lives.
fn again(mut act: Box<dyn FnMut()>) {
    StoredValue::new_local(RenderEffect::new(move |_| act()));
}

/// An element while it is described.
pub struct Element(web_sys::Element);

impl Element {
    /// An element of HTML.
    pub fn new(name: &str) -> Self {
        Self::made(document().create_element(name))
    }

    /// An element of SVG.
    pub fn drawn(name: &str) -> Self {
        Self::made(document().create_element_ns(Some("http://www.w3.org/2000/svg"), name))
    }

    fn made(element: Result<web_sys::Element, JsValue>) -> Self {
        Self(
            element
                .unwrap_or_else(|_| unreachable!("the names of elements are fixed, and names of elements")),
        )
    }

    /// Sets an attribute, now or whenever it changes.
    pub fn attribute(self, name: &'static str, value: impl Value) -> Self {
        value.give(Put { element: self.0.clone(), name, put: put_attribute });
        self
    }

    /// Adds a class, or takes it away.
    pub fn class(self, name: &'static str, value: impl Value) -> Self {
        value.give(Put { element: self.0.clone(), name, put: put_class });
        self
    }

    /// Sets a property.
    pub fn property(self, name: &'static str, value: impl Value) -> Self {
        value.give(Put { element: self.0.clone(), name, put: put_property });
        self
    }

    /// Sets a property of its style.
    pub fn style(self, name: &'static str, value: impl Value) -> Self {
        value.give(Put { element: self.0.clone(), name, put: put_style });
        self
    }

    /// Keeps it where others find it.
    pub fn kept_in<T: JsCast + Clone + 'static>(self, node: NodeRef<T>) -> Self {
        node.0.set(Some(self.0.clone().unchecked_into()));
        self
    }

    /// Does something on an event, as long as the owner lives.
    pub fn on<E: JsCast + 'static>(self, event: &'static str, mut act: impl FnMut(E) + 'static) -> Self {
        self.listen(event, Box::new(move |event| act(event.unchecked_into())));
        self
    }

    fn listen(&self, event: &'static str, act: Box<dyn FnMut(web_sys::Event)>) {
        StoredValue::new_local(Listener::new(self.0.clone().into(), event, act));
    }

    /// Puts something inside.
    pub fn child(self, child: AnyView) -> Self {
        append(&self.0, child);
        self
    }

    /// The element.
    pub fn done(self) -> AnyView {
        AnyView(Some(self.0.into()))
    }
}

/// Where an element is found once it is there.
pub struct NodeRef<T: 'static>(RwSignal<Option<T>, LocalStorage>);

impl<T> Copy for NodeRef<T> {}

impl<T> Clone for NodeRef<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Clone> NodeRef<T> {
    /// For an element that is still to come.
    pub fn new() -> Self {
        Self(RwSignal::new_local(None))
    }

    /// The element; told again when it comes.
    pub fn get(self) -> Option<T> {
        self.0.try_get().flatten()
    }

    /// The element.
    pub fn get_untracked(self) -> Option<T> {
        self.0.try_get_untracked().flatten()
    }
}

/// Where a value goes.
#[derive(Clone)]
pub struct Put {
    element: web_sys::Element,
    name: &'static str,
    put: fn(&Self, &Given),
}

/// A value on its way into the document.
pub enum Given {
    /// A text.
    Text(String),
    /// A yes.
    Yes,
    /// A no, or nothing.
    No,
}

/// What an attribute, a class or a property can be.
pub trait Value {
    /// Hands it over, now or whenever it changes.
    fn give(self, put: Put);
}

/// A value that does not change by itself.
pub trait Plain {
    /// As it goes into the document.
    fn given(self) -> Given;
}

impl Plain for &str {
    fn given(self) -> Given {
        Given::Text(self.to_owned())
    }
}

impl Plain for String {
    fn given(self) -> Given {
        Given::Text(self)
    }
}

impl Plain for bool {
    fn given(self) -> Given {
        if self { Given::Yes } else { Given::No }
    }
}

impl<T: Plain> Plain for Option<T> {
    fn given(self) -> Given {
        self.map_or(Given::No, Plain::given)
    }
}

macro_rules! plain_numbers {
    ($($number:ty),*) => {
        $(impl Plain for $number {
            fn given(self) -> Given {
                Given::Text(self.to_string())
            }
        })*
    };
}

plain_numbers!(i32, u32, usize);

macro_rules! values {
    ($($plain:ty),*) => {
        $(impl Value for $plain {
            fn give(self, put: Put) {
                (put.put)(&put, &self.given());
            }
        })*
    };
}

values!(&str, String, bool, i32, u32, usize);

impl<T: Plain, F: FnMut() -> T + 'static> Value for F {
    fn give(mut self, put: Put) {
        give_changing(put, Box::new(move || self().given()));
    }
}

fn give_changing(put: Put, mut make: Box<dyn FnMut() -> Given>) {
    again(Box::new(move || (put.put)(&put, &make())));
}

fn put_attribute(Put { element, name, .. }: &Put, value: &Given) {
    let _ = match value {
        Given::Text(text) => element.set_attribute(name, text),
        Given::Yes => element.set_attribute(name, ""),
        Given::No => element.remove_attribute(name),
    };
}

fn put_class(Put { element, name, .. }: &Put, value: &Given) {
    let _ = element.class_list().toggle_with_force(name, matches!(value, Given::Yes));
}

fn put_property(Put { element, name, .. }: &Put, value: &Given) {
    let value = match value {
        Given::Text(text) => JsValue::from_str(text),
        Given::Yes => JsValue::TRUE,
        Given::No => JsValue::FALSE,
    };
    let _ = js_sys::Reflect::set(element, &JsValue::from_str(name), &value);
}

fn put_style(Put { element, name, .. }: &Put, value: &Given) {
    if let (Given::Text(text), Some(element)) = (value, element.dyn_ref::<web_sys::HtmlElement>()) {
        let _ = element.style().set_property(name, text);
    }
}
