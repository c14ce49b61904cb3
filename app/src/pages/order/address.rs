//! 通讯地址 (R018): province, city and county from the list of China's divisions, which is fetched when the form is
//! opened. Where the list does not arrive, the three become plain text fields.

use super::entry::{self, CITY, COUNTY, Entry, PROVINCE, RECIPIENT_NAME, RECIPIENT_PHONE, STREET, Spec};
use super::form::Form;
use crate::components::field::FieldError;
use crate::wording;
use leptos::prelude::*;
use serde::Deserialize;

/// Made by `app/data/SOURCE.md`; served as a plain file.
const LIST_PATH: &str = "/divisions.json";

/// Province → city → counties, in the official order.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Divisions(Vec<(String, Vec<City>)>);

/// A city and its counties, as the file lists them.
type City = (String, Vec<String>);

impl Divisions {
    /// `None` where the text is not such a list.
    pub fn parse(text: &str) -> Option<Divisions> {
        serde_json::from_str(text).ok()
    }

    fn provinces(&self) -> Vec<String> {
        self.0.iter().map(|(name, _)| name.clone()).collect()
    }

    fn cities(&self, province: &str) -> Vec<String> {
        let found = self.0.iter().find(|(name, _)| name == province);
        found.map(|(_, cities)| cities.iter().map(|(name, _)| name.clone()).collect()).unwrap_or_default()
    }

    fn counties(&self, province: &str, city: &str) -> Vec<String> {
        let found = self.0.iter().find(|(name, _)| name == province);
        let found = found.and_then(|(_, cities)| cities.iter().find(|(name, _)| name == city));
        found.map(|(_, counties)| counties.clone()).unwrap_or_default()
    }
}

/// The list, once it is here; `Some(None)` when it will not come.
fn use_divisions() -> ReadSignal<Option<Option<Divisions>>> {
    let (list, set_list) = signal(None);
    Effect::new(move || {
        crate::browser::fetch_text(LIST_PATH, move |text| {
            set_list.try_set(Some(text.as_deref().and_then(Divisions::parse)));
        });
    });
    list
}

#[component]
pub fn AddressSection(form: Form) -> impl IntoView {
    let list = use_divisions();
    let missing = Memo::new(move |_| list.with(|list| matches!(list, Some(None))));
    let regions = move || {
        if missing.get() {
            view! {
                <Entry form spec=&PROVINCE />
                <Entry form spec=&CITY />
                <Entry form spec=&COUNTY />
            }
            .into_any()
        } else {
            view! { <Regions form list /> }.into_any()
        }
    };
    view! {
        <section class="form-part" aria-labelledby="part-address">
            <h3 id="part-address">"通讯地址"</h3>
            <p class="field-hint">{wording::ADDRESS_HINT}</p>
            <Entry form spec=&RECIPIENT_NAME />
            <Entry form spec=&RECIPIENT_PHONE />
            <div class="regions">{regions}</div>
            <Entry form spec=&STREET />
        </section>
    }
}

#[component]
fn Regions(form: Form, list: ReadSignal<Option<Option<Divisions>>>) -> impl IntoView {
    let of = move |spec: &'static Spec| Memo::new(move |_| form.values.with(|values| spec.value(values)));
    let (province, city) = (of(&PROVINCE), of(&CITY));
    let with_list = move |pick: &dyn Fn(&Divisions) -> Vec<String>| {
        list.with(|list| list.as_ref().and_then(Option::as_ref).map(pick)).unwrap_or_default()
    };
    let provinces = Memo::new(move |_| with_list(&Divisions::provinces));
    let cities = Memo::new(move |_| with_list(&|list| province.with(|province| list.cities(province))));
    let counties =
        Memo::new(move |_| with_list(&|list| province.with(|p| city.with(|city| list.counties(p, city)))));
    view! {
        <RegionSelect
            form
            spec=&PROVINCE
            names=provinces
            chosen=move || {
                entry::set(form, &CITY, only(cities));
                entry::set(form, &COUNTY, String::new());
            }
        />
        <RegionSelect form spec=&CITY names=cities chosen=move || entry::set(form, &COUNTY, only(counties)) />
        <RegionSelect form spec=&COUNTY names=counties chosen=|| () />
    }
}

/// Where there is one city or county only, it is chosen.
fn only(names: Memo<Vec<String>>) -> String {
    names.with_untracked(|names| if let [one] = names.as_slice() { one.clone() } else { String::new() })
}

#[component]
fn RegionSelect(
    form: Form,
    spec: &'static Spec,
    names: Memo<Vec<String>>,
    chosen: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let value = Memo::new(move |_| form.values.with(|values| spec.value(values)));
    let error = form.error(spec.name);
    let error_id = format!("{}-error", spec.name);
    // What was saved is offered even before the list is here, or when the list no longer knows it.
    let options = move || {
        let (value, mut names) = (value.get(), names.get());
        if !value.is_empty() && !names.contains(&value) {
            names.insert(0, value.clone());
        }
        let option = |name: String| view! { <option value=name.clone() selected=name == value>{name.clone()}</option> };
        names.into_iter().map(option).collect_view()
    };
    view! {
        <div class="field" class:field-wrong=move || error.get().is_some()>
            <label for=spec.name>{spec.label}</label>
            <select
                id=spec.name
                name=spec.name
                aria-invalid=move || error.get().is_some().to_string()
                aria-describedby=error_id.clone()
                on:change=move |event| {
                    entry::set(form, spec, event_target_value(&event));
                    chosen();
                }
            >
                <option value="" selected=move || value.with(String::is_empty)>"请选择"</option>
                {options}
            </select>
            <FieldError id=error_id error />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_divisions_is_whole_and_in_official_order() {
        let list = Divisions::parse(include_str!("../../../data/divisions.json")).expect("our own file");
        let provinces = list.provinces();
        assert_eq!(provinces.len(), 34);
        assert_eq!(provinces.first().map(String::as_str), Some("北京市"));
        assert!(list.counties("北京市", "市辖区").contains(&"海淀区".to_owned()));
        assert!(list.cities("广东省").contains(&"深圳市".to_owned()));
        assert!(provinces.iter().all(|province| !list.cities(province).is_empty()));
    }

    #[test]
    fn another_text_is_no_list() {
        assert_eq!(Divisions::parse("<html>not here</html>"), None);
        assert_eq!(Divisions::parse(""), None);
    }
}
