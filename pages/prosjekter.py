"""The projects page: members, purpose, grants, and a check of the published claims."""

import streamlit as st

from geo.columns import GRANT_YEARS, OTHER_NAMES
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.dataset.package import split_ids
from geo.drawings import side_by_side
from geo.drawings.dress import packed
from geo.drawings.verdicts import cards, of_project
from geo.report import display_tables, projects
from geo.report.figures import main_figures
from geo.report.titles import credit, lead, summary, title
from geo.report.wording import listed, shortened
from geo.text import languages
from geo.text.messages import Messages
from pages.parts import address, chart, claims_list, data_text, figures, filters, links, sheet
from pages.parts.plain import linked, plain


def consortium(dataset: Dataset, project_id: str, t: Messages) -> None:
    """Draw the hubs of a project: role, seat and kommuner served; and kommuner without a hub."""
    members = projects.members(dataset, project_id, t.language)
    if members:
        st.subheader(t("prosjekter.consortium"), anchor=False)
    for member in members:
        place, kommunenr, year = member.seat
        lines = [f"**{plain(member.name)}** ({t(f'prosjekter.role_{member.role}')})"]
        if member.names:
            lines.append(plain(member.names))
        lines.append(t("prosjekter.seat", place=plain(place), kommunenr=kommunenr, year=year))
        lines += [_serves(served, t) for served in member.serves]
        if member.note:
            lines.append(data_text.line(member.note, t))
        if member.now:
            lines.append(f":small[{plain(member.now)}]")
        if member.website:
            lines.append(linked(member.website))
        st.markdown("  \n".join(lines))
    if alone := projects.without_hub(dataset, project_id, t.language):
        st.subheader(t("prosjekter.kommuner"), anchor=False)
        st.markdown("  \n".join(_serves(served, t) for served in alone))


def _serves(served: projects.Served, t: Messages) -> str:
    evidence, names = t(f"coverage.{served.evidence}").lower(), plain(served.names)
    return t("prosjekter.serves", evidence=evidence, names=names, year=served.year)


def claims(dataset: Dataset, project_id: str, t: Messages) -> None:
    """Draw the claims with their verdicts, if there are any."""
    shown = of_project(dataset, project_id)
    if shown.cards or shown.others:
        st.subheader(t("prosjekter.claims"), anchor=False)
        claims_list.draw(dataset, shown, t)


def structures(dataset: Dataset, project_id: str, t: Messages) -> None:
    """Draw the coverage in each structure year, and why the counts differ."""
    st.subheader(t("prosjekter.years"), anchor=False)
    sheet.draw(display_tables.years_table(dataset, project_id, t.language), t("prosjekter.years"))
    by_year = projects.differences(dataset, project_id, t.language)
    if by_year:
        with st.expander(t("prosjekter.differences")):
            for year, sentences in by_year.items():
                st.markdown(f"**{year}**\n\n" + "\n".join(f"- {plain(text)}" for text in sentences))


def money(dataset: Dataset, project_id: str, t: Messages) -> None:
    """Draw the grant, spread evenly over its years."""
    row = dataset.project(project_id)
    st.subheader(t("prosjekter.money"), anchor=False)
    st.write(t("prosjekter.grant", sum=projects.amount(dataset, project_id, t)))
    st.write(t.plural(f"prosjekter.years_{row['years_basis']}", int(row[GRANT_YEARS])))
    sheet.draw(display_tables.money_table(dataset, project_id, t.language), t("prosjekter.money"))


def sources(dataset: Dataset, project_id: str, t: Messages) -> None:
    """Draw every source of the project, by the id it is cited with."""
    st.subheader(t("common.sources"), anchor=False)
    links.source_list(projects.cited(dataset, project_id), t)


def project(dataset: Dataset, view: View, project_id: str, t: Messages) -> None:
    """Draw everything about one project."""
    row = dataset.project(project_id)
    own = view.but(project=(project_id,), hub=(), fylke=(), kommune="")
    found = coverage(dataset, own)
    st.header(plain(title(dataset, found, own)), anchor=False)
    data_text.paragraph(languages.data_text(row, "purpose", t.language), t)
    other = split_ids(row[OTHER_NAMES])
    if other:
        st.caption(t("prosjekter.also_called", names=plain(listed(other, t.language))))
    st.write(plain(lead(dataset, found, own)))
    data_text.paragraph(languages.data_text(row, "note", t.language), t)
    figures.three(main_figures(dataset, own))
    with st.expander(t("kart.how")):
        st.write(plain(summary(dataset, found, own)))
    claims(dataset, project_id, t)
    with st.spinner(t("common.drawing")):
        chart.draw(dataset, own, key="project-map", selects=False)
    links.source_line(credit(dataset, own))
    consortium(dataset, project_id, t)
    money(dataset, project_id, t)
    structures(dataset, project_id, t)
    sources(dataset, project_id, t)


def programme(dataset: Dataset, view: View, t: Messages) -> None:
    """Draw the programme as a whole: its projects and its claims."""
    table = dataset.package["projects"]
    st.write(projects.introduction(dataset, t))
    shown = of_project(dataset, "")
    if shown.cards:
        st.html(cards(dataset, shown.cards, t, packed))
    st.header(t("prosjekter.side_by_side", year=view.year), anchor=False)
    figures.key(side_by_side.key(dataset, view, t))
    st.html(side_by_side.articles(dataset, view, t, {}, packed))
    links.source_line(credit(dataset, view))
    with st.container(horizontal=True, gap="small"):
        for row in table.itertuples():
            st.button(
                t("prosjekter.open", name=plain(shortened(row.name))),
                key=f"open-{row.project_id}",
                on_click=address.go,
                kwargs={"project": (row.project_id,)},
            )
    st.header(t("prosjekter.programme"), anchor=False)
    structures(dataset, "", t)
    if shown.cards or shown.others:
        st.subheader(t("prosjekter.claims"), anchor=False)
        claims_list.rest(shown, t)
    sources(dataset, "", t)


dataset, view, t, _ = address.read()
st.title(t("prosjekter.title"), anchor=False)
filters.year(dataset, view, t)
filters.one_project(dataset, view, t)
if len(view.project) == 1:
    project(dataset, view, view.project[0], t)
else:
    programme(dataset, view, t)
links.share(dataset, view, t)
