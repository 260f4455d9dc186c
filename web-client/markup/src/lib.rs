//! Markup in the client's source, turned into calls of its small builder of elements.
//!
//! The syntax is that of Leptos, whose own macro gives every piece of markup a type of its own: with some two
//! hundred pieces those types are most of the first load.

use proc_macro2::TokenStream;
use quote::quote;
use rstml::Infallible;
use rstml::node::{KeyedAttribute, Node, NodeAttribute, NodeBlock, NodeElement};
use syn::Block;

/// Builds markup: elements, `name=value`, `on:event=`, `class:name=`, `prop:name=`, `style:name=`, `node_ref=`,
/// texts, and blocks of whatever can be shown.
#[proc_macro]
pub fn view(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    match rstml::parse2(tokens.into()) {
        Ok(nodes) => nodes_to_piece(&nodes).into(),
        Err(error) => error.into_compile_error().into(),
    }
}

fn nodes_to_piece(nodes: &[Node]) -> TokenStream {
    let pieces: Vec<TokenStream> = nodes.iter().map(node_to_piece).collect();
    match pieces.as_slice() {
        [one] => one.clone(),
        many => quote! { crate::app::markup::several(vec![#(#many),*]) },
    }
}

fn node_to_piece(node: &Node) -> TokenStream {
    match node {
        Node::Element(element) => element_to_piece(element),
        Node::Block(block) => {
            let shown = without_braces(block);
            quote! { crate::app::markup::Show::show(#shown) }
        }
        Node::Text(text) => {
            let text = &text.value;
            quote! { crate::app::markup::Show::show(#text) }
        }
        Node::Fragment(fragment) => nodes_to_piece(&fragment.children),
        Node::Comment(_) | Node::Doctype(_) | Node::RawText(_) | Node::Custom(_) => {
            quote! { ::core::compile_error!("only elements, texts and blocks are known") }
        }
    }
}

fn without_braces(block: &NodeBlock) -> TokenStream {
    match block {
        NodeBlock::ValidBlock(Block { stmts, .. }) if stmts.len() == 1 => quote! { #(#stmts)* },
        NodeBlock::ValidBlock(_) | NodeBlock::Invalid(_) => quote! { #block },
    }
}

fn element_to_piece(element: &NodeElement<Infallible>) -> TokenStream {
    let name = element.name().to_string();
    let steps = element.attributes().iter().map(attribute_to_step);
    let children = element.children.iter().map(node_to_piece);
    let new = match name.as_str() {
        "svg" | "path" | "rect" | "g" | "circle" | "polygon" | "line" | "text" | "title" => {
            quote! { drawn }
        }
        _ => quote! { new },
    };
    quote! {
        crate::app::markup::Element::#new(#name) #(#steps)* #(.child(#children))* .done()
    }
}

fn attribute_to_step(attribute: &NodeAttribute) -> TokenStream {
    let NodeAttribute::Attribute(attribute) = attribute else {
        return quote! { .attribute(::core::compile_error!("an attribute has a name")) };
    };
    let name = attribute.key.to_string();
    let value = value(attribute);
    match name.split_once(':') {
        None if name == "node_ref" => quote! { .kept_in(#value) },
        None => quote! { .attribute(#name, #value) },
        Some(("on", event)) => {
            let kind = event_kind(event);
            quote! { .on::<#kind>(#event, #value) }
        }
        Some(("class", class)) => quote! { .class(#class, #value) },
        Some(("prop", property)) => quote! { .property(#property, #value) },
        Some(("style", property)) => quote! { .style(#property, #value) },
        Some(_) => quote! { .attribute(::core::compile_error!("an unknown kind of attribute"), "") },
    }
}

fn value(attribute: &KeyedAttribute) -> TokenStream {
    match attribute.value() {
        Some(value) => quote! { #value },
        None => quote! { true },
    }
}

/// The type of an event, so that handlers need not name it.
fn event_kind(event: &str) -> TokenStream {
    match event {
        "click" => quote! { ::web_sys::MouseEvent },
        "keydown" => quote! { ::web_sys::KeyboardEvent },
        _ => quote! { ::web_sys::Event },
    }
}
