//! Who the bridge is, for those without a key: `description.xml`, the short config, and an icon.
//!
//! Invariant: texts of people are escaped; nothing here is a secret.

use serde_json::{Value, json};

use crate::model::bridge::Identity;

/// What the bridge says it is: the square bridge.
pub const MODEL: &str = "BSB002";
/// The version of its store, as apps expect one.
pub const STORE_VERSION: &str = "163";
/// What all of these bridges' UUIDs begin with; the MAC completes them.
const UUID: &str = "2f402f80-da50-11e1-9b23-";
/// The path of the icon that the description names.
pub const ICON_PATH: &str = "hue_logo_0.png";

/// The icon: PNG, 48 by 48 pixels.
pub static ICON: &[u8] = include_bytes!("../../packaging/icons/48.png");

/// The UUID of the device in UPnP: `uuid:2f402f80-da50-11e1-9b23-001788aabbcc`.
#[must_use]
pub fn udn(identity: &Identity) -> String {
    format!("uuid:{UUID}{}", identity.id.mac_text(""))
}

/// The description that SSDP leads to. `base` is where it was asked, `http://ADDR:PORT/`: some apps find nothing without
/// the port in it.
#[must_use]
pub fn description(identity: &Identity, base: &str) -> String {
    let host = base.trim_start_matches("http://").trim_end_matches('/');
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    let (base, name) = (escaped(base), escaped(&format!("{} ({host})", identity.name)));
    let (mac, udn) = (identity.id.mac_text(""), udn(identity));
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" ?>
<root xmlns="urn:schemas-upnp-org:device-1-0">
<specVersion>
<major>1</major>
<minor>0</minor>
</specVersion>
<URLBase>{base}</URLBase>
<device>
<deviceType>urn:schemas-upnp-org:device:Basic:1</deviceType>
<friendlyName>{name}</friendlyName>
<manufacturer>Signify</manufacturer>
<manufacturerURL>http://www.philips-hue.com</manufacturerURL>
<modelDescription>Philips hue Personal Wireless Lighting</modelDescription>
<modelName>Philips hue bridge 2015</modelName>
<modelNumber>{MODEL}</modelNumber>
<modelURL>http://www.philips-hue.com</modelURL>
<serialNumber>{mac}</serialNumber>
<UDN>{udn}</UDN>
<presentationURL>index.html</presentationURL>
<iconList>
<icon>
<mimetype>image/png</mimetype>
<height>48</height>
<width>48</width>
<depth>24</depth>
<url>{ICON_PATH}</url>
</icon>
</iconList>
</device>
</root>
"#
    )
}

/// The config that everybody may read.
#[must_use]
pub fn short_config(identity: &Identity) -> Value {
    json!({
        "name": identity.name,
        "datastoreversion": STORE_VERSION,
        "swversion": identity.sw_version,
        "apiversion": identity.api_version,
        "mac": identity.id.mac_text(":"),
        "bridgeid": identity.id.upper(),
        "factorynew": false,
        "replacesbridgeid": null,
        "modelid": MODEL,
        "starterkitid": "",
    })
}

/// As it may stand in XML: markup is escaped, and what XML has no place for is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\u{FFFE}' | '\u{FFFF}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
