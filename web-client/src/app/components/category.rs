//! Choosing a category of the taxonomy.

use crate::app::components::form;
use crate::app::markup::AnyView;
use crate::app::{Ui, terms};
use crate::reactive::*;

/// A labelled choice of the taxonomy's categories, grouped; `none` is the word for no category.
pub fn category_select(
    ui: Ui,
    label: &'static str,
    none: &'static str,
    value: Signal<String>,
    choose: Callback<String>,
) -> AnyView {
    let mut groups = vec![(String::new(), vec![(String::new(), none.to_owned())])];
    groups.extend(terms::categories(ui.language));
    form::select(label, groups, value, choose)
}
