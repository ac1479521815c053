"""The projects: who takes part, what for, how much, and whether the published claims hold."""

import streamlit as st

from geo import reports
from geo.atlas import Atlas
from geo.claims import check
from geo.coverage import coverage
from geo.messages import Messages
from geo.numbers import millions
from geo.package import split_ids
from geo.sources import sources
from geo.titles import source_line, summary, title
from geo.view import View
from pages.parts import address, chart, filters, sheet
from pages.parts.figures import source_link


def consortium(atlas: Atlas, project_id: str, t: Messages) -> None:
    """Draw the hubs of a project: role, seat, other names, notes."""
    partners = atlas.package["partners"]
    for partner in partners[partners["project_id"] == project_id].itertuples():
        hub = atlas.hub(str(partner.hub_id))
        role = t(f"prosjekter.role_{partner.role}")
        seat = t("prosjekter.seat", place=hub["place"], kommunenr=hub["kommunenr"])
        names = reports.names_of(hub, t)
        note = hub[f"note_{t.language}"]
        parts = [part for part in (f"{role}. {seat}", names, note) if part]
        st.markdown(f"**{hub['name']}** — " + ". ".join(str(p).rstrip(".") for p in parts) + ".")


def claims(atlas: Atlas, project_id: str, t: Messages) -> None:
    """Draw the claims with their verdicts; each opens to the sentences that can be quoted."""
    sheet.draw(reports.claims_table(atlas, project_id, t.language))
    for one in check(atlas):
        if one.project_id == project_id and one.verdict == "deviates":
            st.warning(one.explanation(t.language))
    with st.expander(t("prosjekter.quotable")):
        for one in check(atlas):
            if one.project_id == project_id:
                st.markdown(f"**{reports.verdict(one, t)}:** {one.explanation(t.language)}")


def project(atlas: Atlas, view: View, project_id: str, t: Messages) -> None:
    """Draw everything about one project."""
    row = atlas.project(project_id)
    own = view.but(project=(project_id,), hub=(), fylke=(), kommune="")
    found = coverage(atlas, own)
    st.header(title(atlas, found, own), anchor=False)
    st.write(row[f"purpose_{t.language}"])
    other = split_ids(row["other_names"])
    if other:
        st.caption(t("prosjekter.also_called", names=", ".join(other)))
    st.write(summary(atlas, found, own))
    chart.draw(atlas, own, key="project-map", selects=False)
    st.html(f'<p class="source">{source_line(atlas, own)} © Kartverket (CC BY 4.0).</p>')
    st.subheader(t("prosjekter.consortium"), anchor=False)
    consortium(atlas, project_id, t)
    st.subheader(t("prosjekter.money"), anchor=False)
    st.write(t("prosjekter.grant", sum=millions(float(row["grant_nok"]), t.language)))
    st.write(t(f"prosjekter.years_{row['years_basis']}"))
    sheet.draw(reports.money_table(atlas, project_id, t.language))
    st.subheader(t("prosjekter.years"), anchor=False)
    sheet.draw(reports.years_table(atlas, project_id, t.language))
    st.subheader(t("prosjekter.claims"), anchor=False)
    claims(atlas, project_id, t)
    st.subheader(t("prosjekter.sources"), anchor=False)
    for source in sources(atlas, split_ids(row["source_ids"])):
        st.markdown(f"- {source_link(source.cite(t.language), source.url)}")


def programme(atlas: Atlas, view: View, t: Messages) -> None:
    """Draw the programme as a whole: its projects, and its claims."""
    projects = atlas.package["projects"]
    total = millions(float(projects["grant_nok"].sum()), t.language)
    announced = millions(
        float(atlas.package["programmes"]["announced_total_nok"].sum()), t.language
    )
    st.write(t("prosjekter.total", total=total, announced=announced, n=len(projects)))
    for row in projects.itertuples():
        amount = millions(float(row.grant_nok), t.language)
        st.button(
            f"{row.name}: {amount}",
            key=f"open-{row.project_id}",
            on_click=address.go,
            kwargs={"project": (row.project_id,)},
        )
    st.subheader(t("prosjekter.years"), anchor=False)
    sheet.draw(reports.years_table(atlas, "", view.lang))
    st.subheader(t("prosjekter.claims"), anchor=False)
    claims(atlas, "", t)


atlas, view, t, _ = address.read()
st.title(t("prosjekter.title"), anchor=False)
filters.year(atlas, view, t)
filters.one_project(atlas, view, t)
if len(view.project) == 1:
    project(atlas, view, view.project[0], t)
else:
    programme(atlas, view, t)
