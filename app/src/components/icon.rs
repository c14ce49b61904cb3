//! Small line drawings, 24 by 24, in the colour of the text around them. They decorate: the words stand beside them.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The mark of the house: a seal with a key's tooth.
    Mark,
    Organisation,
    Person,
    Renew,
    Unlock,
    Replace,
    Edit,
    Search,
    Check,
    Info,
    Warning,
    Cross,
    Clock,
    Upload,
    File,
    Parcel,
    Invoice,
    Password,
    Phone,
    Card,
    Bank,
    Arrow,
}

#[component]
pub fn Icon(shape: Shape) -> impl IntoView {
    view! {
        <svg
            class="icon"
            viewBox="0 0 24 24"
            width="24"
            height="24"
            fill="none"
            stroke="currentColor"
            stroke-width="1.75"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            focusable="false"
        >
            <path d=line(shape) />
        </svg>
    }
}

const fn line(shape: Shape) -> &'static str {
    match shape {
        Shape::Mark => {
            "M12 2.5l7.5 3v6c0 4.8-3.1 8.2-7.5 10-4.4-1.8-7.5-5.2-7.5-10v-6zM9.5 10a2.5 2.5 0 1 1 3.4 2.3V17l-1.2-1M12.9 14.6h1.6"
        }
        Shape::Organisation => {
            "M4 21V5.5L13 3v18M13 9l7 2v10M2.5 21h19M7 8.5h3M7 12h3M7 15.5h3M16 14h1.5M16 17.5h1.5"
        }
        Shape::Person => "M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6",
        Shape::Renew => "M20 5v5h-5M4 19v-5h5M19.2 10A7.5 7.5 0 0 0 5.6 8M4.8 14a7.5 7.5 0 0 0 13.6 2",
        Shape::Unlock => "M6 11h12v9.5H6zM8.5 11V7.5a3.5 3.5 0 0 1 6.8-1.1M12 15v2",
        Shape::Replace => {
            "M7 3h10v7H7zM9.5 6.5h1M13.5 6.5h1M6 10h12v6a5 5 0 0 1-5 5h-2a5 5 0 0 1-5-5zM9.5 15.5l1.8 1.8 3.2-3.4"
        }
        Shape::Edit => "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
        Shape::Search => "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L21 21",
        Shape::Check => "M5 12.5l4.5 4.5L19 7.5",
        Shape::Info => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.5M12 7.5v.2",
        Shape::Warning => "M12 3.5L22 20.5H2zM12 10v5M12 17.7v.2",
        Shape::Cross => "M6 6l12 12M18 6L6 18",
        Shape::Clock => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.5l3.5 2",
        Shape::Upload => "M12 16V4.5M7 9l5-5 5 5M4 16v4h16v-4",
        Shape::File => "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
        Shape::Parcel => "M3.5 7.5L12 3l8.5 4.5v9L12 21l-8.5-4.5zM3.5 7.5L12 12l8.5-4.5M12 12v9",
        Shape::Invoice => {
            "M5 3h14v18l-2.5-1.7L14 21l-2-1.7L10 21l-2.5-1.7L5 21zM9 8l3 3.5L15 8M12 11.5V16M9.5 13h5"
        }
        Shape::Password => "M5 11h14v9.5H5zM8 11V8a4 4 0 0 1 8 0v3M12 14.5v2.5",
        Shape::Phone => "M7 2.5h10v19H7zM11 18.5h2",
        Shape::Card => "M3 5.5h18v13H3zM3 10h18M6.5 15h4",
        Shape::Bank => "M3 9.5L12 4l9 5.5zM5 12.5v5M9.7 12.5v5M14.3 12.5v5M19 12.5v5M3 20.5h18",
        Shape::Arrow => "M5 12h14M13 6l6 6-6 6",
    }
}
