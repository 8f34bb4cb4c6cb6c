"""Open Referral HSDS → our tables: packages, archives and documents beside our own tables in a data folder."""
