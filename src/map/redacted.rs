//! The map without secrets: every text of it that comes from files.

use super::{AccessMap, MapCluster, MapIdentity, Part, Scope};
use crate::redact::{Redact, Redactor};

impl Redact for AccessMap {
    fn redact(&mut self, redactor: &Redactor) {
        self.identities.redact(redactor);
        self.clusters.redact(redactor);
    }
}

impl Redact for MapIdentity {
    fn redact(&mut self, redactor: &Redactor) {
        self.name.redact(redactor);
        for assigned in &mut self.assigned {
            assigned.cluster.redact(redactor);
        }
        self.scopes.redact(redactor);
        for target in &mut self.targets {
            target.name.redact(redactor);
            target.roles.redact(redactor);
            target.why.redact(redactor);
        }
    }
}

impl Redact for Scope {
    fn redact(&mut self, redactor: &Redactor) {
        self.cluster.redact(redactor);
        if let Part::Database(name) = &mut self.part {
            name.redact(redactor);
        }
        for usage in &mut self.usages {
            usage.usage.redact(redactor);
            usage.why.redact(redactor);
        }
    }
}

impl Redact for MapCluster {
    fn redact(&mut self, redactor: &Redactor) {
        self.name.redact(redactor);
        self.users.redact(redactor);
        self.vaults.redact(redactor);
    }
}
