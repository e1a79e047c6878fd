-- A version of a panel as JSON.
CREATE OR REPLACE VIEW panel_version_document AS
SELECT version.panel_id, panel.code, version.number,
    json_build_object('code', panel.code, 'version', version.number, 'title_zh', version.title_zh,
        'title_en', version.title_en, 'dated_on', version.dated_on, 'members', version.members,
        'recorded_at', version.recorded_at,
        'recorded_by', (SELECT party.code FROM party WHERE party.id = version.recorded_by),
        'sha256', encode(version.sha256, 'hex')) AS document
FROM panel_version AS version
JOIN panel ON panel.id = version.panel_id;
